#include "tasks/alarm_mark.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "tasks/protocol/timeouts.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kLongestValue = 256;

/// What AWS allows in a tag's value, less the letters beyond ASCII.
bool is_allowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 &&
         (std::isalnum(byte) != 0 || std::string_view(" _+-=.:/@").find(c) != std::string_view::npos);
}

std::string allowed(std::string value) {
  std::replace_if(
      value.begin(), value.end(), [](char c) { return !is_allowed(c); }, '_');
  return value.substr(0, kLongestValue);
}

std::string find(const AlarmTags& tags, std::string_view key) {
  const auto found = tags.find(std::string(key));
  return found == tags.end() ? "" : found->second;
}

/// The first word, which `text` loses.
std::string take_word(std::string& text) {
  const auto space = std::min(text.find(' '), text.size());
  std::string word = text.substr(0, space);
  text.erase(0, space + 1);
  return word;
}

}  // namespace

std::string value_of(const AlarmMark& mark) {
  return allowed(fmt::format("{}/{}/{}", mark.fleet, mark.environment, mark.phase));
}

AlarmTags tags_of(const AlarmMark& mark) {
  AlarmTags tags{{std::string(kMutedTag), value_of(mark)}};
  if (mark.since) {
    tags[std::string(kMutedByTag)] = allowed(fmt::format("{} {}{}", format_time(*mark.since), mark.execution,
                                                         mark.began ? " " + format_time(*mark.began) : ""));
  }
  return tags;
}

std::optional<AlarmMark> read_mark(const AlarmTags& tags) {
  if (tags.count(std::string(kMutedTag)) == 0) return std::nullopt;
  const std::string value = find(tags, kMutedTag);
  const auto first = value.find('/');
  const auto second = value.find('/', std::min(first, value.size() - 1) + 1);
  AlarmMark mark;
  mark.fleet = value.substr(0, first);
  if (second != std::string::npos) {
    mark.environment = value.substr(first + 1, second - first - 1);
    mark.phase = value.substr(second + 1);
  }
  std::string by = find(tags, kMutedByTag);
  if (const auto since = parse_time(take_word(by))) {
    mark.since = *since;
    mark.execution = take_word(by);
    if (const auto began = parse_time(by)) mark.began = *began;
  }
  return mark;
}

bool is_of_later(const AlarmMark& mark, Time began, Time now) {
  const Time other = beginning_of(mark);
  return other > began && other <= now + kClocksDiffer;
}

Time beginning_of(const AlarmMark& mark) { return mark.began.value_or(mark.since.value_or(Time{})); }

std::string marked_name(std::string_view execution) { return allowed(execution_name(execution)); }

}  // namespace lamplighter::tasks
