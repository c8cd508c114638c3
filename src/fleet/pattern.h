// The shapes of names, regions and ARNs as regular expressions. Internal to the fleet parser.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct pcre2_real_code_8;

namespace lamplighter::fleet {

/// A compiled expression of our own (never the user's). Safe to use from several threads.
class Pattern {
 public:
  explicit Pattern(std::string_view expression);

  /// True where the whole of `text`, at most `kMaxLength` bytes, matches.
  [[nodiscard]] bool matches(std::string_view text) const;

  static constexpr std::size_t kMaxLength = 700;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace lamplighter::fleet
