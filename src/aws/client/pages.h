// Walking through an API's pages, with a guard against one that never ends.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "aws/client/pages_so_far.h"
#include "aws/client/xml.h"

namespace lamplighter::aws {

/// About how many bytes a value keeps.
inline std::size_t footprint(const std::string& text) { return sizeof text + text.size(); }
template <class Map>
std::size_t footprint_of_map(const Map& map) {
  constexpr std::size_t kNode = 4 * sizeof(void*);
  std::size_t bytes = sizeof map;
  for (const auto& [key, value] : map) bytes += kNode + footprint(key) + footprint(value);
  return bytes;
}

/// Walks through a list's pages for as long as they come to an end and to a size that can be kept. One lister
/// serves all the calls of one list.
class Lister {
 public:
  /// `action` of `service`, whose parameter `token_name` asks for the next page. Keeps what is referred to.
  Lister(Caller& caller, const Target& target, std::string_view service, std::string_view action,
         std::string token_name = "NextToken")
      : caller_(caller),
        target_(target),
        service_(service),
        action_(action),
        token_name_(std::move(token_name)) {}

  /// Calls page after page until no token is left. `read(root)` takes in a page and gives the footprint of
  /// what it kept; `token(root)` gives its next token. Error: Caller::call's, or "InvalidResponse" for pages
  /// without end: a token that came before, more than 1,000 pages, or 24 MiB kept.
  template <class Read, class Token>
  Status list(const Parameters& parameters, Read read, Token token) {
    PagesSoFar so_far;
    so_far.kept = kept_;
    const auto status = go_on(so_far, parameters, read, token);
    kept_ = so_far.kept;
    return status;
  }

  /// The same, from where `so_far` is: after an error it stands at the page that could not be read.
  template <class Read, class Token>
  Status go_on(PagesSoFar& so_far, const Parameters& parameters, Read read, Token token) {
    while (so_far.pages < kMaxPages) {
      auto asked = parameters;
      if (!so_far.next.empty()) asked.emplace_back(token_name_, so_far.next);
      const auto document = TRY(parse_xml(TRY(caller_.call(target_, service_, action_, asked))));
      const auto root = document->document_element();
      ++so_far.pages;
      so_far.kept += read(root);
      so_far.next = token(root);
      so_far.kept += footprint(so_far.next);
      if (so_far.kept > kMaxKept) return endless("its pages hold more than can be kept");
      if (so_far.next.empty()) return {};
      if (!so_far.tokens.insert(so_far.next).second)
        return endless("a page's token leads back to one before");
    }
    return endless("it never comes to its last page");
  }

 private:
  static constexpr int kMaxPages = 1'000;
  static constexpr std::size_t kMaxKept = std::size_t{24} << 20U;

  [[nodiscard]] Status endless(std::string_view why) const {
    return fail(ErrorKind::aws, "InvalidResponse", std::string(action_) + ": " + std::string(why));
  }

  Caller& caller_;
  const Target& target_;
  std::string_view service_;
  std::string_view action_;
  std::string token_name_;
  std::size_t kept_ = 0;
};

/// `values` in lists of at most `size`.
inline std::vector<std::vector<std::string>> batches(const std::vector<std::string>& values,
                                                     std::size_t size) {
  std::vector<std::vector<std::string>> out;
  for (std::size_t begin = 0; begin < values.size(); begin += size) {
    const auto end = std::min(begin + size, values.size());
    out.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(begin),
                     values.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return out;
}

}  // namespace lamplighter::aws
