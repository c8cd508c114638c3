#include "engine/core/execution_state.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "engine/core/event_reading.h"
#include "engine/core/states/kind.h"
#include "engine/core/states/map.h"

namespace lamplighter::engine {

Group& group_of(Strand& strand) {
  if (!strand.group) throw std::runtime_error("a state has no branches or iterations");
  return *strand.group;
}

void ExecutionState::apply(const Event& event, const Known& known) {
  if (!event.is_note()) {
    last_id_ = event.id;
    last_steady_ = steady_time_of(event);
  }
  switch (kind_of(event.type)) {
    case EventKind::execution_started:
      return start(event, known.payload);
    case EventKind::execution_ended:
      return end(event);
    case EventKind::state_entered:
      return enter(strand(event.strand), event, known);
    case EventKind::state_exited:
      return exit(strand(event.strand), event, known.payload);
    case EventKind::iteration:
      return apply_iteration(*this, event);
    default:
      break;
  }
  Strand& subject = strand(event.strand);
  switch (event.type) {
    case EventType::retry_scheduled:
      return schedule_retry(subject, event);
    case EventType::children_aborted:
      return end_group(subject);
    case EventType::evaluation_failed:
      set_phase(subject, Phase::moving);
      subject.previous = event.id;
      subject.evaluation_failed = true;
      return;
    default:
      kind_of(subject).apply(*this, subject, event, known.payload);
  }
}

void ExecutionState::start(const Event& event, const Payload& input) {
  started_ = event.time;
  started_steady_ = steady_time_of(event);
  input_ = take(input, event);
  add_strand(0, 0, definition_, event.id);
}

void ExecutionState::end(const Event& event) {
  outcome_ = Outcome{event.type, event.time, event.payload ? *event.payload : "",
                     Failure{optional_text(event.details, "error"), optional_text(event.details, "cause")}};
  strands_.clear();
  variable_bytes_ = 0;
  ready_.clear();
  timers_.clear();
  moments_.clear();
  tasks_.clear();
}

void ExecutionState::enter(Strand& strand, const Event& event, const Known& known) {
  strand.state = known.state ? known.state : strand.states->find(text_of(event.details.at("name")));
  if (!strand.state) throw std::runtime_error("there is no such state");
  strand.entered_id = event.id;
  strand.entered_previous = event.previous_id;
  strand.entered = event.time;
  strand.entered_steady = steady_time_of(event);
  strand.previous = event.id;
  strand.input = take(known.payload, event);
  strand.attempts.assign(strand.state->retry.size(), 0);
  strand.retry_count = 0;
  strand.evaluation_failed = false;
  set_phase(strand, Phase::ready);
}

void ExecutionState::exit(Strand& strand, const Event& event, const Payload& output) {
  strand.previous = event.id;
  strand.input = take(output, event);
  if (const auto* assigned = event.details.if_contains("assignedVariables"))
    assign(strand, assigned->as_object(), output == nullptr);
  set_phase(strand, Phase::moving);
  strand.group.reset();
  if (event.note.contains("end")) end_child(strand, strand.input, event);
}

void ExecutionState::assign(Strand& strand, const json::object& assigned, bool late) {
  for (const auto& variable : assigned) {
    auto& value = strand.variables[std::string(variable.key())];
    variable_bytes_ -= value ? value->text.size() : 0;
    const std::string_view text = variable.value().as_string();
    value = late ? share_payload(std::make_shared<const std::string>(text), nullptr) : parse_payload(text);
    variable_bytes_ += value->text.size();
  }
}

void ExecutionState::schedule_retry(Strand& strand, const Event& event) {
  ++strand.attempts.at(event.note.at("retrier").to_number<std::size_t>());
  ++strand.retry_count;
  strand.evaluation_failed = false;
  set_phase(strand, Phase::retrying, Due{time_of(event.note.at("due"))});
}

void ExecutionState::finish_restoring() {
  read_late(input_);
  for (auto& [id, strand] : strands_) {
    read_late(strand.input);
    for (auto& [name, value] : strand.variables) read_late(value);
    if (strand.task) read_late(strand.task->arguments);
    if (!strand.group) continue;
    for (auto& result : strand.group->results) read_late(result);
  }
}

std::optional<ExecutionState::Timer> ExecutionState::next_timer(const Now& now) const {
  std::optional<Timer> first;
  if (!timers_.empty()) first = *timers_.begin();
  if (moments_.empty()) return first;
  const Timer moment{moments_.begin()->first - now.skew(), moments_.begin()->second};
  return first ? std::min(*first, moment) : moment;
}

std::size_t ExecutionState::weight() const {
  constexpr std::size_t kStrandBytes = 1'024;
  constexpr std::size_t kBytesPerByteOfText = 4;
  std::size_t text = variable_bytes_ + (input_ ? input_->text.size() : 0);
  for (const auto& [id, strand] : strands_) {
    text += strand.input ? strand.input->text.size() : 0;
    text += strand.group ? strand.group->result_bytes : 0;
  }
  return (strands_.size() + 1) * kStrandBytes + text * kBytesPerByteOfText;
}

std::vector<StrandId> ExecutionState::children_of(StrandId parent) const {
  std::vector<StrandId> out;
  for (const auto& [id, candidate] : strands_) {
    if (id != 0 && candidate.parent == parent) out.push_back(id);
  }
  return out;
}

Strand& ExecutionState::add_strand(StrandId parent, std::size_t slot, const asl::States& states,
                                   std::int64_t previous) {
  const StrandId id = next_strand_++;
  Strand& added = strands_[id];
  added.id = id;
  added.parent = parent;
  added.slot = slot;
  added.states = &states;
  added.previous = previous;
  return added;
}

void ExecutionState::end_child(const Strand& child, Payload result, const Event& event) {
  Strand& parent = strand(child.parent);
  Group& group = group_of(parent);
  group.result_bytes += result->text.size() + 1;
  group.results.at(child.slot) = std::move(result);
  --group.running;
  parent.previous = child.evaluation_failed ? child.previous : event.id;
  erase_strand(child.id);
}

void ExecutionState::end_group(Strand& parent) {
  for (const StrandId child : children_of(parent.id)) erase_strand(child);
  parent.group.reset();
}

void ExecutionState::erase_strand(StrandId id) {
  Strand& gone = strand(id);
  if (gone.group) end_group(gone);
  set_phase(gone, Phase::moving);
  for (const auto& [name, value] : gone.variables) variable_bytes_ -= value->text.size();
  strands_.erase(id);
}

void ExecutionState::set_phase(Strand& strand, Phase phase, std::optional<Due> due) {
  if (strand.phase == Phase::ready) ready_.erase(strand.entered_id);
  if (strand.task) tasks_.erase(strand.task->id);
  strand.task.reset();
  strand.phase = phase;
  set_due(strand, due);
  if (phase == Phase::ready) ready_[strand.entered_id] = strand.id;
}

void ExecutionState::set_due(Strand& strand, std::optional<Due> due) {
  const auto timers = [this](const Due& of) -> auto& { return of.moment ? moments_ : timers_; };
  if (strand.due) timers(*strand.due).erase({strand.due->time, strand.id});
  strand.due = due;
  if (due) timers(*due).emplace(due->time, strand.id);
}

void ExecutionState::set_task(Strand& strand, TaskInFlight task) {
  set_phase(strand, Phase::task);
  tasks_[task.id] = strand.id;
  strand.task = std::move(task);
}

}  // namespace lamplighter::engine
