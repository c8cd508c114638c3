// Runs through the matches of a regular expression, or of a function that answers as one does.
#pragma once

#include <string_view>

#include "jsonata/evaluate/evaluator.h"

namespace lamplighter::jsonata {

/// One match; places in UTF-16 units.
struct PatternMatch {
  Value object;  ///< as JSONata code sees it
  Value match;
  double start = 0;
  double end = 0;
  Value groups;
};

class Matcher {
 public:
  /// `pattern` is called with the text; what it gives has match, start, end, groups and next.
  Matcher(Evaluator& evaluator, Value pattern, Value text)
      : evaluator_(evaluator), next_(pattern), text_(text) {}

  /// Goes to the first match, then to each next one; false where there is none. Error: T1010 where the
  /// function's answer is no match.
  Attempt<bool> next();
  [[nodiscard]] const PatternMatch& current() const { return current_; }

 private:
  Evaluator& evaluator_;
  Value next_;
  Value text_;
  bool started_ = false;
  PatternMatch current_;
};

}  // namespace lamplighter::jsonata
