// The running executions that this process knows of. What waits is a small record; the image that carries an
// execution on is rebuilt from its history when it is needed, and the ones used last are kept.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "asl/definition.h"
#include "engine/core/execution.h"
#include "engine/store/store.h"

namespace lamplighter::engine {

/// An execution in memory.
struct Image {
  Image(std::shared_ptr<const asl::StateMachine> definition, Identity identity)
      : core(std::move(definition), std::move(identity)) {}
  ExecutionCore core;
  std::int64_t chunks = 0;  ///< how many its history has
  std::size_t weight = 0;
  std::list<std::int64_t>::iterator use;
};

/// A running execution. Small, as there may be very many.
struct Record {
  std::unique_ptr<Image> image;
  std::int64_t due = 0;           ///< of its timer, in milliseconds; 0 for none
  bool tasks_handed_out = false;  ///< whether this process runs the tasks that its history says are running
  bool read_here = false;         ///< its large history couldn't be read elsewhere: load() is to say why
};

/// For one thread. Keeps a reference to the store.
class Images {
 public:
  Images(Store& store, std::string region) : store_(store), region_(std::move(region)) {}

  /// The record of a running execution; made where it is not known yet.
  Record& record(std::int64_t id) { return records_[id]; }
  [[nodiscard]] bool knows(std::int64_t id) const { return records_.contains(id); }
  [[nodiscard]] std::size_t count() const { return records_.size(); }
  [[nodiscard]] std::size_t images() const { return uses_.size(); }

  /// Its image, rebuilt from the history where it is not in memory. Errors: as Store's; after one the
  /// execution is known, without an image.
  Result<Image*> load(std::int64_t id);
  /// Whether load() would take long: it is not in memory, and its history is large.
  [[nodiscard]] bool takes_long(std::int64_t id);
  /// An image that has yet to take in its history: fill() does it, on any thread, from any store. Errors: as
  /// Store's.
  Result<std::unique_ptr<Image>> blank(std::int64_t id);
  static Status fill(Image& image, std::int64_t id, Store& store);
  /// A new execution's image.
  Result<Image*> create(const ExecutionRow& row);

  /// Sets the timer of an execution (0: none).
  void set_due(std::int64_t id, std::int64_t due);
  /// The earliest timer, 0 for none.
  std::int64_t next_due();
  /// Takes an execution whose timer is due by `now`, if there is one.
  std::optional<std::int64_t> take_due(std::int64_t now);

  /// Makes every timer due, so that each is set anew.
  void look_again();

  /// Gives an image away; meanwhile it is not dropped, and must not be asked for.
  std::unique_ptr<Image> lend(std::int64_t id);
  Image* take_back(std::int64_t id, std::unique_ptr<Image> image);

  void forget(std::int64_t id);
  /// Drops the image only.
  void drop_image(Record& record);
  /// Weighs an image anew after it was used.
  void weigh(Image& image);
  /// Drops the images that were not used for longest until the rest is within bounds.
  void shrink();

 private:
  struct Timer {
    std::int64_t due;
    std::int64_t id;
    friend bool operator>(const Timer& a, const Timer& b) {
      return a.due != b.due ? a.due > b.due : a.id > b.id;
    }
  };

  Result<std::unique_ptr<Image>> make_image(const ExecutionRow& row);
  Result<std::shared_ptr<const asl::StateMachine>> definition(std::int64_t id);
  bool is_stale(const Timer& timer) const;

  Store& store_;
  std::string region_;
  std::unordered_map<std::int64_t, Record> records_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;  ///< stale ones are skipped
  std::list<std::int64_t> uses_;                                           ///< of images: the last used first
  std::size_t weight_ = 0;
  std::map<std::int64_t, std::shared_ptr<const asl::StateMachine>> definitions_;
};

}  // namespace lamplighter::engine
