// Rates of APIs, as AWS documents them: a bucket each.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace lamplighter {

struct Rate {
  std::string_view api;  ///< "ec2:StartInstances"; a prefix where it ends in '*'
  double capacity;
  double refill;  ///< a second

  [[nodiscard]] constexpr bool covers(std::string_view called) const {
    return api.ends_with('*') ? called.starts_with(api.substr(0, api.size() - 1)) : called == api;
  }
};

/// The first of `rates` that covers `api`; nullptr for none.
inline const Rate* find_rate(std::span<const Rate> rates, std::string_view api) {
  const auto rate =
      std::find_if(rates.begin(), rates.end(), [&](const Rate& one) { return one.covers(api); });
  return rate == rates.end() ? nullptr : &*rate;
}

}  // namespace lamplighter
