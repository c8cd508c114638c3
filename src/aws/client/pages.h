// Walking through an API's pages, with a guard against one that never ends.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "aws/client/xml.h"

namespace lamplighter::aws {

/// Calls `action` page after page until no token is left. `read(root)` takes in a page, `token(root)` gives
/// its next token; `token_name` is the parameter that carries it. Error: Caller::call's, or
/// "InvalidResponse".
template <class Read, class Token>
Status for_each_page(Caller& caller, const Target& target, std::string_view service, std::string_view action,
                     const Parameters& parameters, const std::string& token_name, Read read, Token token) {
  constexpr int kMaxPages = 10'000;
  std::string last;
  for (int page = 0; page < kMaxPages; ++page) {
    auto asked = parameters;
    if (!last.empty()) asked.emplace_back(token_name, last);
    const auto document = TRY(parse_xml(TRY(caller.call(target, service, action, asked))));
    const auto root = document->document_element();
    read(root);
    std::string next = token(root);
    if (next.empty()) return {};
    if (next == last) break;
    last = std::move(next);
  }
  return fail(ErrorKind::aws, "InvalidResponse", std::string(action) + " never comes to its last page");
}

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
