#include "tasks/admission/overrides.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "json/json.h"
#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInvalidOverrides = "InvalidOverrides";
constexpr std::int64_t kMostIds = std::int64_t{1} << 50U;
constexpr int kTries = 20;
constexpr std::size_t kMostBytes = 380'000;  // an item has 390 KB

Result<std::vector<Override>::iterator> find(std::vector<Override>& all, std::uint64_t id, Time now) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& one) { return one.id == id && is_in_force(one, now); });
  if (found != all.end()) return found;
  return fail(ErrorKind::bad_input, "UnknownOverride",
              fmt::format("found {}, expected the number of an override that is in force", id));
}

/// Drops the one that ended first; false where none has.
bool drop_ended(std::vector<Override>& all, Time now) {
  const auto first = std::min_element(all.begin(), all.end(),
                                      [](const auto& a, const auto& b) { return a.until < b.until; });
  if (first == all.end() || is_in_force(*first, now)) return false;
  all.erase(first);
  return true;
}

}  // namespace

std::string Overrides::key() const { return fmt::format("overrides/{}/all", fleet_); }

Result<Overrides::List> Overrides::parse(const std::string& text) {
  const auto value = parse_json(text);
  if (!value) return fail(ErrorKind::internal, std::string(kInvalidOverrides), value.error().message);
  List list;
  const auto read = [&]() -> Status {
    const auto fields = TRY(Reader::of(*value, "overrides", kInvalidOverrides));
    list.last = static_cast<std::uint64_t>(TRY(fields.whole_number("last", 0, kMostIds)));
    for (const Reader& one : TRY(fields.objects("all"))) list.all.push_back(TRY(read_override(one)));
    return {};
  };
  // Nobody's input is at fault: the item is damaged.
  if (const auto done = read(); !done) {
    return fail(ErrorKind::internal, std::string(kInvalidOverrides), done.error().message);
  }
  return list;
}

std::string Overrides::text_of(const List& list) {
  json::array all;
  for (const auto& one : list.all) all.push_back(to_json(one));
  return json_text(json::object{{"last", list.last}, {"all", std::move(all)}});
}

Result<std::pair<Overrides::List, std::uint64_t>> Overrides::read_list() {
  const auto item = TRY(table_.read(key()));
  if (item.version == 0) return std::pair(List{}, item.version);
  return std::pair(TRY(parse(item.text)), item.version);
}

Result<std::vector<Override>> Overrides::read() {
  auto read = TRY(read_list());
  return std::move(read.first.all);
}

Status Overrides::change(Time now, const std::function<Status(List&)>& work) {
  for (int tried = 0; tried < kTries; ++tried) {
    auto [list, version] = TRY(read_list());
    std::erase_if(list.all, [&](const auto& one) { return one.until + kOverridesKept <= now; });
    CHECK_OK(work(list));
    std::string text = text_of(list);
    while ((list.all.size() > kMostOverrides || text.size() > kMostBytes) && drop_ended(list.all, now))
      text = text_of(list);
    if (text.size() > kMostBytes) {
      return fail(ErrorKind::bad_input, "TooManyOverrides",
                  fmt::format("found overrides of {} bytes, expected at most {}: end some first", text.size(),
                              kMostBytes));
    }
    if (TRY(table_.replace(key(), version, text))) return {};
  }
  return fail(ErrorKind::internal, "OverridesContended",
              "others change the overrides all the time; try again");
}

Result<Override> Overrides::add(Override made, Time now) {
  CHECK_OK(check(made, now));
  made.made = now;
  CHECK_OK(change(now, [&](List& list) -> Status {
    const auto in_force = static_cast<std::size_t>(std::count_if(
        list.all.begin(), list.all.end(), [&](const auto& one) { return is_in_force(one, now); }));
    if (in_force >= kMostOverrides) {
      return fail(ErrorKind::bad_input, "TooManyOverrides",
                  fmt::format("found {} overrides, expected fewer: end some first", in_force));
    }
    made.id = ++list.last;
    list.all.push_back(made);
    return {};
  }));
  return made;
}

Result<Override> Overrides::end(std::uint64_t id, Time now) {
  Override ended;
  CHECK_OK(change(now, [&](List& list) -> Status {
    const auto found = TRY(find(list.all, id, now));
    ended = *found;
    list.all.erase(found);
    return {};
  }));
  return ended;
}

Status Overrides::replace(const Override& changed, Time now) {
  CHECK_OK(check(changed, now));
  return change(now, [&](List& list) -> Status {
    *TRY(find(list.all, changed.id, now)) = changed;
    return {};
  });
}

}  // namespace lamplighter::tasks
