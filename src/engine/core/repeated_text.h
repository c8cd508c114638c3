// How a step's events keep long texts that are nearly the same: a state's output is the next one's input, and
// a loop changes little of either. Each is written as what differs from one of the last before it, so that a
// loop over 262,144 bytes costs some bytes an event.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "engine/core/payload.h"
#include "json/json.h"

namespace lamplighter::engine {

/// The last long texts of one chunk of events; what is read must be asked for in the order of the writing.
class RepeatedTexts {
 public:
  /// Appends `text` (valid UTF-8) as JSON: a string, or [how many texts back, bytes kept in front, what is
  /// new, bytes kept behind].
  void write(std::string& out, const SharedText& text);
  void write(std::string& out, std::string_view text);

  /// Turns what write() made into the text again; null where it can't have made it. A text that was there
  /// before is the same one, not a copy.
  SharedText read(const json::value& value);

 private:
  void remember(const SharedText& text);

  std::deque<SharedText> texts_;  ///< the latest first
};

}  // namespace lamplighter::engine
