// The book of schedules: what was made through the API, kept in a store, and what fleet files say, shown
// beside it and changed by nobody but the file.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/scheduler/schedule.h"
#include "api/scheduler/schedule_form.h"
#include "base/mutex.h"
#include "base/result.h"
#include "scheduler/row_store.h"

namespace lamplighter::api {

/// Which schedules a list is to have.
struct ListSchedules {
  std::string group;   ///< "" for all
  std::string prefix;  ///< of the name
  std::optional<bool> enabled;
  std::size_t max = 100;
  std::string after;  ///< where the last page ended
};

template <class T>
struct BookPage {
  std::vector<T> items;
  std::string next;  ///< "" at the end
};

/// Safe to use from several threads. Errors are bad_input with the service's codes:
/// ResourceNotFoundException, ConflictException, ServiceQuotaExceededException, ValidationException; internal
/// where the store fails, and then nothing is changed.
class Book {
 public:
  static constexpr std::size_t kMostSchedules = 100'000;
  static constexpr std::size_t kMostGroups = 500;

  /// Reads all that the store has. Keeps a reference to it.
  static Result<std::unique_ptr<Book>> open(scheduler::RowStore& store, Place place);

  [[nodiscard]] const Place& place() const { return place_; }

  /// Made again with the client token that made it: the same, no conflict.
  Result<Schedule> create(Schedule schedule, Time now);
  /// Replaces everything but the moment of its creation.
  Result<Schedule> update(Schedule schedule, Time now);
  Result<Schedule> get(const std::string& group, const std::string& name) const;
  Status remove(const std::string& group, const std::string& name);
  /// The same, where it is still as it was when `completed` was read. Gives whether it was.
  Result<bool> remove_completed(const Schedule& completed);
  /// By group and name. Error: also ValidationException for a place where no page ended.
  Result<BookPage<Schedule>> list(const ListSchedules& wanted) const;

  Result<ScheduleGroup> create_group(ScheduleGroup group, Time now);
  Result<ScheduleGroup> get_group(const std::string& name) const;
  /// With all of its schedules; the default group stays.
  Status remove_group(const std::string& name, Time now);
  BookPage<ScheduleGroup> list_groups(const std::string& prefix, std::size_t max,
                                      const std::string& after) const;
  /// Changes a group's tags.
  Status change_tags(const std::string& group,
                     const std::function<Status(std::map<std::string, std::string>&)>& change, Time now);

  /// Shows a fleet's schedules as the group of that name, in place of those that it had. Error:
  /// ConflictException where the group was made through the API: they are shown once that is deleted.
  Status show_fleet(const std::string& fleet, std::vector<Schedule> schedules, Time now);
  /// Shows it no more.
  void hide_fleet(const std::string& fleet);

  /// All that were made through the API.
  [[nodiscard]] std::vector<Schedule> made() const;
  /// Called after every change of those, by the thread that made it; must not call the book.
  void on_change(std::function<void()> changed);

 private:
  using Key = std::pair<std::string, std::string>;  // group, name
  struct Group {
    ScheduleGroup group;
    bool of_file = false;
  };
  Book(scheduler::RowStore& store, Place place) : store_(store), place_(std::move(place)) {}
  Status load();
  Status take(const scheduler::Row& row) REQUIRES(mutex_);
  Result<const Group*> writable(const std::string& name) const REQUIRES(mutex_);
  Status put(const Schedule& schedule) REQUIRES(mutex_);
  void show(const std::string& fleet, std::vector<Schedule> schedules, Time now) REQUIRES(mutex_);
  Status erase(const Key& key) REQUIRES(mutex_);
  void tell() const;

  scheduler::RowStore& store_;
  Place place_;
  mutable Mutex mutex_;
  std::map<std::string, Group> groups_ GUARDED_BY(mutex_);
  std::map<Key, Schedule> schedules_ GUARDED_BY(mutex_);
  std::map<std::string, std::vector<Schedule>> hidden_
      GUARDED_BY(mutex_);  ///< fleets that a group stands before
  std::function<void()> changed_ GUARDED_BY(mutex_);
};

}  // namespace lamplighter::api
