// The fold: how each event changes the state. Nothing else changes it, so that a rebuild from the history
// gives the same state.
#include <stdexcept>

#include "engine/core/execution.h"
#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
namespace {

Payload parse(std::string_view text) {
  auto read = read_payload(text);
  if (!read) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

/// The payload that a live event's maker has at hand, else its text from the event: read_late() reads it.
Payload take(const Payload& payload, const json::object& details, std::string_view key) {
  if (payload) return payload;
  const std::string_view text = details.at(key).as_string();
  return std::make_shared<const PayloadData>(PayloadData{std::string(text), nullptr});
}

Time time_of(const json::value& value) { return Time{Duration{value.to_number<std::int64_t>()}}; }

/// An event's moment on the engine's timeline.
Time steady_time_of(const Event& event) {
  const auto* steady = event.note.if_contains("steady");
  return steady ? time_of(*steady) : event.time;
}

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

std::optional<std::string> optional_text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? std::optional(text_of(*value)) : std::nullopt;
}

std::optional<std::int64_t> optional_number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? std::optional(value->to_number<std::int64_t>()) : std::nullopt;
}

}  // namespace

void ExecutionCore::read_late(Payload& payload) {
  if (payload && payload->value.is_null() && payload->text != "null") payload = parse(payload->text);
}

void ExecutionCore::emit(StrandId id, std::string type, json::object details, json::object note,
                         const Known& known, std::optional<std::int64_t> previous) {
  if (last_id_ + 1 >= kMaxEvents && !type.starts_with("Execution")) throw HistoryFull{};
  Event event;
  event.id = last_id_ + 1;
  event.previous_id = previous ? *previous : strands_.empty() ? 0 : strand(id).previous;
  event.time = now_.wall;
  event.type = std::move(type);
  event.details = std::move(details);
  event.strand = id;
  event.note = std::move(note);
  if (std::chrono::abs(now_.skew()) >= kClockStep) {  // the wall clock was set
    event.note["steady"] = now_.steady.time_since_epoch().count();
  }
  if (known.payload) step_.bytes += known.payload->text.size();
  step_.events.push_back(std::move(event));
  apply(step_.events.back(), known);
}

void ExecutionCore::note(StrandId id, std::string type, json::object note) {
  Event event;
  event.time = now_.wall;
  event.type = std::move(type);
  event.strand = id;
  event.note = std::move(note);
  step_.events.push_back(std::move(event));
  apply(step_.events.back(), {});
}

void ExecutionCore::apply(const Event& event, const Known& known) {
  if (!event.is_note()) {
    last_id_ = event.id;
    last_steady_ = steady_time_of(event);
  }
  if (apply_execution(event, known.payload)) return;
  if (event.type == "MapIterationStarted") return start_iteration(event);
  Strand& subject = strand(event.strand);
  if (apply_state(subject, event, known) || apply_task(subject, event, known.payload)) return;
  apply_group(subject, event);
}

bool ExecutionCore::apply_execution(const Event& event, const Payload& payload) {
  if (!event.type.starts_with("Execution")) return false;
  if (event.type == "ExecutionStarted") {
    started_ = event.time;
    started_steady_ = steady_time_of(event);
    input_ = take(payload, event.details, "input");
    add_strand(0, 0, *definition_, event.id);
    return true;
  }
  outcome_ = Outcome{event.type, event.time, optional_text(event.details, "output").value_or(""),
                     Failure{optional_text(event.details, "error"), optional_text(event.details, "cause")}};
  strands_.clear();
  variable_bytes_ = 0;
  ready_.clear();
  timers_.clear();
  moments_.clear();
  tasks_.clear();
  return true;
}

bool ExecutionCore::apply_state(Strand& strand, const Event& event, const Known& known) {
  if (event.type.ends_with("StateEntered")) {
    strand.state = known.state ? known.state : strand.states->find(text_of(event.details.at("name")));
    if (!strand.state) throw std::runtime_error("there is no such state");
    strand.entered_id = event.id;
    strand.entered_previous = event.previous_id;
    strand.entered = event.time;
    strand.entered_steady = steady_time_of(event);
    strand.previous = event.id;
    strand.input = take(known.payload, event.details, "input");
    strand.attempts.assign(strand.state->retry.size(), 0);
    strand.retry_count = 0;
    strand.evaluation_failed = false;
    set_phase(strand, Phase::ready);
    return true;
  }
  if (event.type == "WaitScheduled") {
    set_phase(strand, Phase::waiting, Due{time_of(event.note.at("due")), event.note.contains("moment")});
    return true;
  }
  if (event.type == "RetryScheduled") {
    ++strand.attempts.at(event.note.at("retrier").to_number<std::size_t>());
    ++strand.retry_count;
    strand.evaluation_failed = false;
    set_phase(strand, Phase::retrying, Due{time_of(event.note.at("due"))});
    return true;
  }
  if (event.type.ends_with("StateExited")) {
    apply_exit(strand, event, known.payload);
    return true;
  }
  return false;
}

void ExecutionCore::apply_exit(Strand& strand, const Event& event, const Payload& payload) {
  strand.previous = event.id;
  strand.input = take(payload, event.details, "output");
  if (const auto* assigned = event.details.if_contains("assignedVariables")) {
    for (const auto& variable : assigned->as_object()) {
      auto& value = strand.variables[std::string(variable.key())];
      variable_bytes_ -= value ? value->text.size() : 0;
      value = parse(std::string_view(variable.value().as_string()));
      variable_bytes_ += value->text.size();
    }
  }
  set_phase(strand, Phase::moving);
  strand.group.reset();
  if (event.note.contains("end")) end_child(strand, strand.input, event);
}

bool ExecutionCore::apply_task(Strand& strand, const Event& event, const Payload& payload) {
  if (event.type == "TaskScheduled" || event.type == "LambdaFunctionScheduled") {
    const bool bare = event.type == "LambdaFunctionScheduled";
    set_phase(strand, Phase::task);
    const auto timeout = optional_number(event.note, "timeout").value_or(kMaxSeconds);
    strand.task = TaskInFlight{event.id,
                               take(payload, event.details, bare ? "input" : "parameters"),
                               optional_text(event.note, "role").value_or(""),
                               std::chrono::seconds{timeout},
                               event.note.contains("heartbeat"),
                               false};
    tasks_[event.id] = strand.id;
    strand.previous = event.id;
    return true;
  }
  if (event.type == "TaskStarted" || event.type == "LambdaFunctionStarted") {
    strand.task.value().started = true;
    set_due(strand, Due{steady_time_of(event) + strand.task->timeout});
    strand.previous = event.id;
    return true;
  }
  for (const auto* prefix : {"Task", "LambdaFunction"}) {
    for (const auto* end : {"Succeeded", "Failed", "TimedOut"}) {
      if (event.type != std::string(prefix) + end) continue;
      set_phase(strand, Phase::moving);
      strand.previous = event.id;
      return true;
    }
  }
  return false;
}

void ExecutionCore::apply_group(Strand& strand, const Event& event) {
  if (event.type == "ParallelStateStarted") {
    start_branches(strand, event);
  } else if (event.type == "MapStateStarted") {
    start_map(strand, event);
  } else if (event.type == "MapIterationSucceeded") {
    end_child(strand, strand.input, event);
  } else if (event.type == "MapIterationFailed") {
    ++this->strand(strand.parent).group->failed;
    end_child(strand, make_payload(event.note.at("output")), event);
  } else if (event.type == "ChildrenAborted") {
    end_group(strand);
  } else if (event.type == "BranchFailed") {
    strand.previous = event.note.at("previous").to_number<std::int64_t>();
  } else if (event.type == "MapStateFailed" || event.type == "ParallelStateFailed" ||
             event.type == "EvaluationFailed") {
    set_phase(strand, Phase::moving);
    strand.previous = event.id;
    strand.evaluation_failed = event.type == "EvaluationFailed";
  }
}

void ExecutionCore::start_branches(Strand& parent, const Event& event) {
  set_phase(parent, Phase::children);
  parent.previous = event.id;
  parent.group = std::make_unique<Group>();
  const auto& branches = parent.state->branches;
  parent.group->results.resize(branches.size());
  parent.group->running = parent.group->next = branches.size();
  for (std::size_t i = 0; i < branches.size(); ++i) add_strand(parent.id, i, branches[i], event.id);
}

void ExecutionCore::start_map(Strand& parent, const Event& event) {
  set_phase(parent, Phase::children);
  parent.previous = event.id;
  parent.group = std::make_unique<Group>();
  Group& group = *parent.group;
  if (const auto* items = event.note.if_contains("items")) {
    group.items = items->as_array();
  } else {
    read_late(parent.input);
    group.items = parent.input->value.as_array();
    group.item_texts = element_texts(parent.input);
  }
  group.results.resize(group.items.size());
  group.max_concurrency = event.note.at("concurrency").to_number<std::size_t>();
  group.tolerated_count = optional_number(event.note, "count");
  if (const auto* percentage = event.note.if_contains("percentage"))
    group.tolerated_percentage = percentage->to_number<double>();
}

void ExecutionCore::start_iteration(const Event& event) {
  Strand& parent = strand(event.note.at("parent").to_number<StrandId>());
  const auto index = event.details.at("index").to_number<std::size_t>();
  parent.group->next = index + 1;
  ++parent.group->running;
  const auto& child = add_strand(parent.id, index, parent.state->branches.front(), event.id);
  if (child.id != event.strand) throw std::runtime_error("an iteration's strand does not fit");
}

void ExecutionCore::end_child(const Strand& child, Payload result, const Event& event) {
  Strand& parent = strand(child.parent);
  Group& group = *parent.group;
  group.result_bytes += result->text.size() + 1;
  group.results.at(child.slot) = std::move(result);
  --group.running;
  parent.previous = child.evaluation_failed ? child.previous : event.id;
  erase_strand(child.id);
}

Strand& ExecutionCore::add_strand(StrandId parent, std::size_t slot, const asl::States& states,
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

void ExecutionCore::end_group(Strand& parent) {
  for (const StrandId child : children_of(parent.id)) erase_strand(child);
  parent.group.reset();
}

void ExecutionCore::erase_strand(StrandId id) {
  Strand& gone = strand(id);
  if (gone.group) end_group(gone);
  set_phase(gone, Phase::moving);
  for (const auto& [name, value] : gone.variables) variable_bytes_ -= value->text.size();
  strands_.erase(id);
}

void ExecutionCore::set_phase(Strand& strand, Phase phase, std::optional<Due> due) {
  if (strand.phase == Phase::ready) ready_.erase(strand.entered_id);
  if (strand.task) tasks_.erase(strand.task->id);
  strand.task.reset();
  strand.phase = phase;
  set_due(strand, due);
  if (phase == Phase::ready) ready_[strand.entered_id] = strand.id;
}

void ExecutionCore::set_due(Strand& strand, std::optional<Due> due) {
  const auto timers = [this](const Due& of) -> auto& { return of.moment ? moments_ : timers_; };
  if (strand.due) timers(*strand.due).erase({strand.due->time, strand.id});
  strand.due = due;
  if (due) timers(*due).emplace(due->time, strand.id);
}

}  // namespace lamplighter::engine
