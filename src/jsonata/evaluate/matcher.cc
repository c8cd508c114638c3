#include "jsonata/evaluate/matcher.h"

namespace lamplighter::jsonata {

Attempt<bool> Matcher::next() {
  const Value object =
      started_ ? JSONATA_TRY(evaluator_.call(next_, {})) : JSONATA_TRY(evaluator_.call(next_, {text_}));
  started_ = true;
  if (object.is_undefined()) return false;
  if (!object.is_object()) return evaluator_.fail("T1010");
  current_.object = object;
  current_.match = member_of(object, "match");
  current_.groups = member_of(object, "groups");
  const Value start = member_of(object, "start");
  const Value end = member_of(object, "end");
  next_ = member_of(object, "next");
  if (!start.is_number() && !end.is_number() && !current_.groups.is_array() && !next_.is_function()) {
    return evaluator_.fail("T1010");
  }
  current_.start = start.is_number() ? start.number() : 0;
  current_.end = end.is_number() ? end.number() : 0;
  return true;
}

}  // namespace lamplighter::jsonata
