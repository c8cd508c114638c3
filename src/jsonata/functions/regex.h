// Regular expressions in JavaScript's dialect, run by PCRE2 over UTF-16 units, with limits on effort.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace lamplighter::jsonata {

/// Immutable once compiled, so it may serve many threads.
class Regex {
 public:
  /// Half-open, in UTF-16 units.
  struct Range {
    std::size_t start;
    std::size_t end;
    bool matched;
  };
  /// The whole match, then each group.
  using Match = std::vector<Range>;
  enum class Error { no_match, limit };

  /// `flags` holds i (ignore case) and m (lines). The error is a sentence.
  static tl::expected<std::unique_ptr<const Regex>, std::string> compile(std::string_view pattern,
                                                                         std::string_view flags);
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  ~Regex();

  /// The first match at or behind unit `from`.
  [[nodiscard]] tl::expected<Match, Error> search(std::u16string_view subject, std::size_t from) const;

 private:
  explicit Regex(void* code) : code_(code) {}
  void* code_;
};

}  // namespace lamplighter::jsonata
