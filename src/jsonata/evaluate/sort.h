// A stable merge sort whose comparison may fail, and asks in the order in which the reference asks.
#pragma once

#include <cstddef>
#include <vector>

#include "jsonata/failure.h"

namespace lamplighter::jsonata {

/// Sorts `items` by `after(a, b)`: an Attempt<bool> that says whether a belongs behind b.
template <class T, class After>
Done merge_sort(std::vector<T>& items, const After& after) {
  if (items.size() <= 1) return {};
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  std::vector<T> left(items.begin(), middle);
  std::vector<T> right(middle, items.end());
  JSONATA_CHECK(merge_sort(left, after));
  JSONATA_CHECK(merge_sort(right, after));
  std::size_t l = 0;
  std::size_t r = 0;
  for (T& item : items) {
    bool take_right = l == left.size();
    if (!take_right && r < right.size()) take_right = JSONATA_TRY(after(left[l], right[r]));
    item = take_right ? right[r++] : left[l++];
  }
  return {};
}

}  // namespace lamplighter::jsonata
