#include "api/scheduler/book.h"

#include <fmt/format.h>

namespace lamplighter::api {
namespace {

constexpr std::string_view kSchedule = "schedule";
constexpr std::string_view kGroup = "group";

tl::unexpected<Error> missing(std::string_view what, std::string_view name) {
  return fail(ErrorKind::bad_input, "ResourceNotFoundException",
              fmt::format("{} {} does not exist.", what, name));
}

tl::unexpected<Error> conflict(std::string message) {
  return fail(ErrorKind::bad_input, "ConflictException", std::move(message));
}

tl::unexpected<Error> too_many(std::string_view what, std::size_t most) {
  return fail(ErrorKind::bad_input, "ServiceQuotaExceededException",
              fmt::format("there are {} {} already, which is as many as there may be", most, what));
}

std::string row_key(const Schedule& schedule) { return schedule.group + "/" + schedule.name; }

scheduler::Row row_of(const Schedule& schedule, const Place& place) {
  auto form = to_json(schedule, place);
  if (!schedule.client_token.empty()) form["ClientToken"] = schedule.client_token;
  return {std::string(kSchedule), row_key(schedule), json_text(form)};
}

scheduler::Row row_of(const ScheduleGroup& group, const Place& place) {
  auto form = to_json(group, place);
  form["Tags"] = tags_to_json(group.tags);
  if (!group.client_token.empty()) form["ClientToken"] = group.client_token;
  return {std::string(kGroup), group.name, json_text(form)};
}

/// The moments that a row has beside what a request may say.
template <class T>
Status read_moments(const Parameters& form, T& item) {
  item.created = TRY(form.optional_time("CreationDate")).value_or(Time{});
  item.modified = TRY(form.optional_time("LastModificationDate")).value_or(item.created);
  return {};
}

Result<ScheduleGroup> read_group(const Parameters& form) {
  ScheduleGroup group;
  group.name = TRY(form.text("Name", kScheduleName));
  group.client_token = TRY(form.optional_text("ClientToken", kScheduleName)).value_or("");
  CHECK_OK(read_tags(form, group.tags));
  CHECK_OK(read_moments(form, group));
  return group;
}

/// The same but for what the book sets itself.
bool are_alike(const Schedule& one, Schedule other, const Place& place) {
  other.created = one.created;
  other.modified = one.modified;
  return row_of(one, place).text == row_of(other, place).text;
}

}  // namespace

Result<std::unique_ptr<Book>> Book::open(scheduler::RowStore& store, Place place) {
  std::unique_ptr<Book> book(new Book(store, std::move(place)));
  CHECK_OK(book->load());
  return book;
}

Status Book::load() {
  const auto rows = TRY(store_.rows());
  const MutexLock lock(mutex_);
  groups_["default"].group.name = "default";
  for (const scheduler::Row& row : rows) {
    if (auto taken = take(row); !taken) {
      return tl::unexpected(with_context(
          taken.error(), fmt::format("the schedules' {} \"{}\" can't be read", row.kind, row.key)));
    }
  }
  return {};
}

Status Book::take(const scheduler::Row& row) {
  const auto form = TRY(Parameters::parse(row.text.value_or("")));
  if (row.kind == kGroup) {
    auto group = TRY(read_group(form));
    groups_[group.name].group = std::move(group);
    return {};
  }
  Schedule schedule = TRY(read_schedule(form));
  schedule.name = TRY(form.text("Name", kScheduleName));
  CHECK_OK(read_moments(form, schedule));
  schedules_[{schedule.group, schedule.name}] = std::move(schedule);
  return {};
}

Result<const Book::Group*> Book::writable(const std::string& name) const {
  const auto found = groups_.find(name);
  if (found == groups_.end()) return missing("Schedule group", name);
  if (!found->second.of_file) return &found->second;
  return conflict(
      fmt::format("Schedule group {} is what the fleet file of that name says: change the file", name));
}

Status Book::put(const Schedule& schedule) {
  CHECK_OK(store_.put_rows({row_of(schedule, place_)}));
  schedules_[{schedule.group, schedule.name}] = schedule;
  return {};
}

Result<Schedule> Book::create(Schedule schedule, Time now) {
  {
    const MutexLock lock(mutex_);
    TRY(writable(schedule.group));
    const auto found = schedules_.find({schedule.group, schedule.name});
    if (found != schedules_.end()) {
      const bool again = !schedule.client_token.empty() && are_alike(found->second, schedule, place_);
      if (again) return found->second;
      return conflict(fmt::format("Schedule {} already exists.", schedule.name));
    }
    if (schedules_.size() >= kMostSchedules) return too_many("schedules", kMostSchedules);
    CHECK_OK(check_moments(schedule, now));
    schedule.created = schedule.modified = now;
    CHECK_OK(put(schedule));
  }
  tell();
  return schedule;
}

Result<Schedule> Book::update(Schedule schedule, Time now) {
  {
    const MutexLock lock(mutex_);
    TRY(writable(schedule.group));
    const auto found = schedules_.find({schedule.group, schedule.name});
    if (found == schedules_.end()) return missing("Schedule", schedule.name);
    schedule.created = found->second.created;
    schedule.modified = now;
    CHECK_OK(check_moments(schedule, now));
    CHECK_OK(put(schedule));
  }
  tell();
  return schedule;
}

Result<Schedule> Book::get(const std::string& group, const std::string& name) const {
  const MutexLock lock(mutex_);
  if (!groups_.contains(group)) return missing("Schedule group", group);
  const auto found = schedules_.find({group, name});
  if (found == schedules_.end()) return missing("Schedule", name);
  return found->second;
}

Status Book::remove(const std::string& group, const std::string& name) {
  {
    const MutexLock lock(mutex_);
    TRY(writable(group));
    if (!schedules_.contains({group, name})) return missing("Schedule", name);
    CHECK_OK(erase({group, name}));
  }
  tell();
  return {};
}

Status Book::erase(const Key& key) {
  CHECK_OK(
      store_.put_rows({scheduler::Row{std::string(kSchedule), row_key(schedules_.at(key)), std::nullopt}}));
  schedules_.erase(key);
  return {};
}

Result<bool> Book::remove_completed(const Schedule& completed) {
  {
    const MutexLock lock(mutex_);
    const Key key{completed.group, completed.name};
    const auto found = schedules_.find(key);
    const bool is_same =
        found != schedules_.end() && row_of(found->second, place_).text == row_of(completed, place_).text;
    if (!is_same) return false;
    CHECK_OK(erase(key));
  }
  tell();
  return true;
}

Result<BookPage<Schedule>> Book::list(const ListSchedules& wanted) const {
  const MutexLock lock(mutex_);
  if (!wanted.group.empty() && !groups_.contains(wanted.group))
    return missing("Schedule group", wanted.group);
  const auto slash = wanted.after.find('/');
  if (!wanted.after.empty() && slash == std::string::npos) {
    return validation_error(wanted.after, "nextToken", "Member must be the token of a page before");
  }
  BookPage<Schedule> page;
  auto at = schedules_.begin();
  if (!wanted.after.empty())
    at = schedules_.upper_bound({wanted.after.substr(0, slash), wanted.after.substr(slash + 1)});
  for (; at != schedules_.end(); ++at) {
    const auto& [key, schedule] = *at;
    const bool is_wanted = (wanted.group.empty() || key.first == wanted.group) &&
                           key.second.starts_with(wanted.prefix) &&
                           (!wanted.enabled || *wanted.enabled == schedule.enabled);
    if (!is_wanted) continue;
    if (page.items.size() == wanted.max) {
      page.next = row_key(page.items.back());
      break;
    }
    page.items.push_back(schedule);
  }
  return page;
}

Result<ScheduleGroup> Book::create_group(ScheduleGroup group, Time now) {
  const MutexLock lock(mutex_);
  if (const auto found = groups_.find(group.name); found != groups_.end()) {
    const auto& token = found->second.group.client_token;
    if (!token.empty() && token == group.client_token) return found->second.group;
    return conflict(fmt::format("Schedule group {} already exists.", group.name));
  }
  if (groups_.size() >= kMostGroups) return too_many("schedule groups", kMostGroups);
  group.created = group.modified = now;
  CHECK_OK(store_.put_rows({row_of(group, place_)}));
  groups_[group.name] = {group, false};
  return group;
}

Result<ScheduleGroup> Book::get_group(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = groups_.find(name);
  if (found == groups_.end()) return missing("Schedule group", name);
  return found->second.group;
}

Status Book::remove_group(const std::string& name, Time now) {
  {
    const MutexLock lock(mutex_);
    TRY(writable(name));
    if (name == "default") {
      return fail(ErrorKind::bad_input, "ValidationException",
                  "The default schedule group can't be deleted.");
    }
    std::vector<scheduler::Row> rows{{std::string(kGroup), name, std::nullopt}};
    for (const auto& [key, schedule] : schedules_) {
      if (key.first == name) rows.push_back({std::string(kSchedule), row_key(schedule), std::nullopt});
    }
    CHECK_OK(store_.put_rows(rows));
    std::erase_if(schedules_, [&](const auto& item) { return item.first.first == name; });
    groups_.erase(name);
    if (auto hidden = hidden_.extract(name)) show(name, std::move(hidden.mapped()), now);
  }
  tell();
  return {};
}

BookPage<ScheduleGroup> Book::list_groups(const std::string& prefix, std::size_t max,
                                          const std::string& after) const {
  const MutexLock lock(mutex_);
  BookPage<ScheduleGroup> page;
  for (auto at = after.empty() ? groups_.begin() : groups_.upper_bound(after); at != groups_.end(); ++at) {
    if (!at->first.starts_with(prefix)) continue;
    if (page.items.size() == max) {
      page.next = page.items.back().name;
      break;
    }
    page.items.push_back(at->second.group);
  }
  return page;
}

Status Book::change_tags(const std::string& name,
                         const std::function<Status(std::map<std::string, std::string>&)>& change, Time now) {
  const MutexLock lock(mutex_);
  ScheduleGroup changed = TRY(writable(name))->group;
  CHECK_OK(change(changed.tags));
  changed.modified = now;
  CHECK_OK(store_.put_rows({row_of(changed, place_)}));
  groups_[name].group = std::move(changed);
  return {};
}

Status Book::show_fleet(const std::string& fleet, std::vector<Schedule> schedules, Time now) {
  const MutexLock lock(mutex_);
  if (const auto found = groups_.find(fleet); found != groups_.end() && !found->second.of_file) {
    hidden_[fleet] = std::move(schedules);
    return conflict(
        fmt::format("a schedule group \"{}\" was made through the API: the fleet's own schedules fire, and "
                    "are shown there once "
                    "that is deleted",
                    fleet));
  }
  show(fleet, std::move(schedules), now);
  return {};
}

void Book::show(const std::string& fleet, std::vector<Schedule> schedules, Time now) {
  const auto found = groups_.find(fleet);
  const Time created = found == groups_.end() ? now : found->second.group.created;
  std::erase_if(schedules_, [&](const auto& item) { return item.first.first == fleet; });
  groups_[fleet] = {{.name = fleet, .created = created, .modified = now}, true};
  for (Schedule& schedule : schedules) {
    schedule.group = fleet;
    schedule.created = created;
    schedule.modified = now;
    schedules_[{fleet, schedule.name}] = std::move(schedule);
  }
}

void Book::hide_fleet(const std::string& fleet) {
  const MutexLock lock(mutex_);
  hidden_.erase(fleet);
  const auto found = groups_.find(fleet);
  if (found == groups_.end() || !found->second.of_file) return;
  groups_.erase(found);
  std::erase_if(schedules_, [&](const auto& item) { return item.first.first == fleet; });
}

std::vector<Schedule> Book::made() const {
  const MutexLock lock(mutex_);
  std::vector<Schedule> out;
  for (const auto& [key, schedule] : schedules_) {
    if (!groups_.at(key.first).of_file) out.push_back(schedule);
  }
  return out;
}

void Book::on_change(std::function<void()> changed) {
  const MutexLock lock(mutex_);
  changed_ = std::move(changed);
}

void Book::tell() const {
  std::function<void()> changed;
  {
    const MutexLock lock(mutex_);
    changed = changed_;
  }
  if (changed) changed();
}

}  // namespace lamplighter::api
