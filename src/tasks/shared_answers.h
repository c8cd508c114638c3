// Answers that several threads want at the same time: what one of them has asked for serves the others.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"

namespace lamplighter::tasks {

/// Values by key, asked for in batches. What was answered is good for its life, and until it is changed. A
/// thread that wants what another is asking for waits for its answer; up to kAtOnce batches are asked for at
/// the same time, and what waits meanwhile goes together. Safe to use from several threads.
template <class Value>
class SharedAnswers {
 public:
  using Keys = std::vector<std::string>;
  using Values = std::map<std::string, Value>;
  /// Asks for some keys, without being held up by other threads; a key that the answer lacks has no value.
  using Ask = std::function<Result<Values>(const Keys& batch)>;

  static constexpr Duration kLife = std::chrono::seconds{1};
  static constexpr int kAtOnce = 4;

  SharedAnswers(std::size_t batch, const Clock& clock, Duration life = kLife)
      : batch_(batch), clock_(clock), life_(life) {}

  /// The values of `keys`, without those that have none. `others` are asked for where they fit beside them:
  /// somebody is about to want them. Error: that of an answer that was awaited.
  Result<Values> get(const Keys& keys, const Keys& others, const Ask& ask);

  /// These were answered just now, to another question.
  void learn(const Values& values);

  /// What was answered for these, or is being asked for now, is so no longer.
  void change(const Keys& keys);

  /// The value of `key` where it is good now; nullopt where it has none, or must be asked for.
  std::optional<Value> known(const std::string& key);

  /// How many threads wait for what others ask.
  [[nodiscard]] int waiting() {
    const MutexLock lock(mutex_);
    return waiting_threads_;
  }

 private:
  /// Moments in the order of what happens here. Clocks are too coarse for that.
  using Moment = std::uint64_t;
  struct Entry {
    std::optional<Value> value;
    bool answered = false;
    bool being_asked = false;
    Moment asked = 0;    ///< when the last question was put
    Moment changed = 0;  ///< when it was last changed
    Moment failed = 0;   ///< when the last question ended with `error`
    Time ended{};        ///< when the last question ended, by the clock
    std::optional<Error> error;
  };

  [[nodiscard]] bool is_good(const Entry& entry, Time now) const {
    return entry.answered && entry.asked > entry.changed && entry.ended + life_ >= now;
  }
  Keys batch_of(const Keys& wanted, const Keys& others, Time now) REQUIRES(mutex_);
  void begin_asking(const Keys& batch) REQUIRES(mutex_);
  static Result<Values> asked(const Keys& batch, const Ask& ask);
  void take_answer(const Keys& batch, Result<Values> answer) REQUIRES(mutex_);
  Values values_of(const Keys& keys) REQUIRES(mutex_);

  const std::size_t batch_;
  const Clock& clock_;
  const Duration life_;
  Mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::set<std::string> waiting_ GUARDED_BY(mutex_);  ///< wanted by threads that wait
  Moment moment_ GUARDED_BY(mutex_) = 0;
  int asking_ GUARDED_BY(mutex_) = 0;
  int waiting_threads_ GUARDED_BY(mutex_) = 0;
};

template <class Value>
auto SharedAnswers<Value>::get(const Keys& keys, const Keys& others, const Ask& ask) -> Result<Values> {
  const Time now = clock_.steady();
  MutexLock lock(mutex_);
  const Moment came = ++moment_;
  while (true) {
    Keys wanted;
    bool awaited = false;
    for (const auto& key : keys) {
      const Entry& entry = entries_[key];
      if (is_good(entry, now)) continue;
      if (entry.failed > came) return tl::unexpected(*entry.error);
      if (entry.being_asked) {
        awaited = true;
      } else {
        wanted.push_back(key);
      }
    }
    if (wanted.empty() && !awaited) return values_of(keys);
    if (!wanted.empty() && asking_ < kAtOnce) {
      const Keys batch = batch_of(wanted, others, now);
      begin_asking(batch);
      lock.unlock();
      auto answer = asked(batch, ask);
      lock.lock();
      take_answer(batch, std::move(answer));
    } else {
      waiting_.insert(wanted.begin(), wanted.end());
      ++waiting_threads_;
      lock.wait(ended_);
      --waiting_threads_;
    }
  }
}

template <class Value>
void SharedAnswers<Value>::learn(const Values& values) {
  const Time now = clock_.steady();
  const MutexLock lock(mutex_);
  const Moment asked = ++moment_;
  for (const auto& [key, value] : values) {
    Entry& entry = entries_[key];
    if (entry.being_asked) continue;
    entry.value = value;
    entry.answered = true;
    entry.asked = asked;
    entry.ended = now;
  }
}

template <class Value>
void SharedAnswers<Value>::change(const Keys& keys) {
  const MutexLock lock(mutex_);
  ++moment_;
  for (const auto& key : keys) entries_[key].changed = moment_;
}

template <class Value>
std::optional<Value> SharedAnswers<Value>::known(const std::string& key) {
  const Time now = clock_.steady();
  MutexLock lock(mutex_);
  const auto entry = entries_.find(key);
  return entry != entries_.end() && is_good(entry->second, now) ? entry->second.value : std::nullopt;
}

/// The first of `wanted`, then what other threads wait for, then `others`.
template <class Value>
auto SharedAnswers<Value>::batch_of(const Keys& wanted, const Keys& others, Time now) -> Keys {
  Keys batch(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(std::min(wanted.size(), batch_)));
  std::set<std::string> taken(batch.begin(), batch.end());
  Keys further(waiting_.begin(), waiting_.end());
  further.insert(further.end(), others.begin(), others.end());
  for (const auto& key : further) {
    if (batch.size() >= batch_) break;
    const Entry& entry = entries_[key];
    if (is_good(entry, now) || entry.being_asked || !taken.insert(key).second) continue;
    batch.push_back(key);
  }
  for (const auto& key : batch) waiting_.erase(key);
  return batch;
}

template <class Value>
void SharedAnswers<Value>::begin_asking(const Keys& batch) {
  const Moment asked = ++moment_;
  for (const auto& key : batch) {
    entries_[key].being_asked = true;
    entries_[key].asked = asked;
  }
  ++asking_;
}

/// Whatever becomes of the question: else whoever waits for it would wait for ever.
template <class Value>
auto SharedAnswers<Value>::asked(const Keys& batch, const Ask& ask) -> Result<Values> {
  try {
    return ask(batch);
  } catch (const std::exception& exception) {
    return fail(ErrorKind::internal, "NoAnswer", exception.what());
  }
}

template <class Value>
void SharedAnswers<Value>::take_answer(const Keys& batch, Result<Values> answer) {
  const Time now = clock_.steady();
  ++moment_;
  --asking_;
  for (const auto& key : batch) {
    Entry& entry = entries_[key];
    entry.being_asked = false;
    entry.ended = now;
    entry.answered = answer.has_value();
    entry.value.reset();
    if (!answer) {
      entry.failed = moment_;
      entry.error = answer.error();
    } else if (const auto value = answer->find(key); value != answer->end()) {
      entry.value = std::move(value->second);
    }
  }
  const Duration forgotten = 60 * life_;
  std::erase_if(entries_, [&](const auto& entry) {
    return !entry.second.being_asked && entry.second.ended + forgotten < now;
  });
  ended_.notify_all();
}

template <class Value>
auto SharedAnswers<Value>::values_of(const Keys& keys) -> Values {
  Values values;
  for (const auto& key : keys) {
    if (const auto& value = entries_[key].value) values.emplace(key, *value);
  }
  return values;
}

}  // namespace lamplighter::tasks
