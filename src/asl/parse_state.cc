#include "asl/parse_state.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "asl/resource.h"
#include "asl/schema.h"
#include "base/clock.h"

namespace lamplighter::asl {
namespace {

constexpr std::int64_t kMaxSeconds = 99'999'999;
constexpr std::int64_t kMaxDelaySeconds = 31'622'400;
constexpr std::int64_t kAnyCount = std::numeric_limits<std::int64_t>::max();

std::optional<StateType> state_type(std::string_view name) {
  for (int i = 0; i < 8; ++i) {
    if (to_string(static_cast<StateType>(i)) == name) return static_cast<StateType>(i);
  }
  return std::nullopt;
}

/// Reads one state; one member function a group of fields.
class StateParser {
 public:
  StateParser(const json::object& object, const std::string& location, ParseContext& context)
      : fields_(object, location, context.diagnostics), context_(context) {}

  State parse(const std::string& name) {
    state_.name = name;
    state_.jsonata = reads_jsonata(fields_, context_.jsonata);
    const auto type = read_type();
    if (!type) return std::move(state_);
    state_.type = *type;
    check_fields(fields_, part_of(*type), checked_dialect());
    read_fields();
    return std::move(state_);
  }

 private:
  [[nodiscard]] Dialect dialect() const { return state_.jsonata ? Dialect::jsonata : Dialect::jsonpath; }

  /// A JSONata machine's state cannot go back to JSONPath. Where one does, that is all to say about its
  /// dialect.
  Dialect checked_dialect() {
    if (state_.jsonata || !context_.jsonata) return dialect();
    fields_.rule("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    return Dialect::both;
  }

  std::optional<StateType> read_type() {
    fields_.require({"Type"});
    const auto name = fields_.text("Type");
    if (!name) return std::nullopt;
    const auto type = state_type(*name);
    if (!type) {
      fields_.invalid(
          "Value should be one of the following: [Task, Pass, Choice, Wait, Parallel, Map, Succeed, Fail]",
          "Type");
    }
    return type;
  }

  void read_fields() {
    switch (state_.type) {
      case StateType::task:
        return read_task();
      case StateType::pass:
        return read_pass();
      case StateType::choice:
        return read_choice();
      case StateType::wait:
        return read_wait();
      case StateType::parallel:
        return read_parallel();
      case StateType::map:
        return read_map();
      case StateType::succeed:
        return read_output();
      case StateType::fail:
        return read_fail();
    }
  }

  void read_task() {
    read_transition();
    read_output_and_assign();
    read_resource();
    state_.arguments = jsonata_only("Arguments");
    read_timeouts();
    read_credentials();
    read_errors();
  }

  void read_pass() {
    read_transition();
    read_output_and_assign();
    if (!state_.jsonata) {
      if (const auto* result = fields_.get("Result")) state_.result = *result;
    }
  }

  void read_wait() {
    read_transition();
    read_output_and_assign();
    state_.seconds = fields_.number_or_expression("Seconds", state_.jsonata, 0, kMaxSeconds);
    state_.timestamp = fields_.text_or_expression("Timestamp", state_.jsonata);
    constexpr std::array kUntil{"Seconds", "Timestamp", "SecondsPath", "TimestampPath"};
    const auto given = std::count_if(kUntil.begin(), kUntil.end(),
                                     [&](const char* key) { return fields_.get(key) != nullptr; });
    constexpr const char* kOne = "A Wait state must have exactly one of Seconds and Timestamp";
    if (given > 1) fields_.rule(kOne);
    if (given == 0) fields_.invalid(kOne);
    if (state_.timestamp && state_.timestamp->is_literal() && state_.timestamp->literal.is_string() &&
        !parse_time(state_.timestamp->literal.get_string())) {
      fields_.invalid("String does not match RFC3339 timestamp", "Timestamp");
    }
  }

  void read_fail() {
    state_.error = fields_.text_or_expression("Error", state_.jsonata);
    state_.cause = fields_.text_or_expression("Cause", state_.jsonata);
  }

  void read_parallel() {
    read_transition();
    read_output_and_assign();
    state_.arguments = jsonata_only("Arguments");
    fields_.require({"Branches"});
    if (const auto* branches = fields_.array("Branches")) {
      if (branches->empty()) fields_.invalid("Expected at least one branch", "Branches");
      for (std::size_t i = 0; i < branches->size(); ++i)
        read_branch((*branches)[i], fmt::format("Branches[{}]", i), Part::branch);
    }
    read_errors();
  }

  void read_map() {
    read_transition();
    read_output_and_assign();
    read_items();
    state_.item_selector = fields_.any("ItemSelector", state_.jsonata);
    state_.max_concurrency = fields_.number_or_expression("MaxConcurrency", state_.jsonata, 0, kAnyCount);
    state_.tolerated_failure_count =
        fields_.number_or_expression("ToleratedFailureCount", state_.jsonata, 0, kAnyCount);
    state_.tolerated_failure_percentage =
        fields_.fraction_or_expression("ToleratedFailurePercentage", state_.jsonata, 0, 100);
    read_processor();
    read_errors();
  }

  void read_items() {
    const auto* items = fields_.get("Items");
    if (!items) return;
    state_.items = jsonata_only("Items");
    const bool expression = items->is_string() && state_.items && !state_.items->is_literal();
    if (!items->is_array() && !expression && !items->is_object()) {
      fields_.invalid("Expected an array or a JSONata expression", "Items");
    }
  }

  void read_processor() {
    const auto* key = fields_.get("Iterator") && !fields_.get("ItemProcessor") ? "Iterator" : "ItemProcessor";
    fields_.require({key});
    const auto* processor = fields_.get(key);
    if (!processor) return;
    read_branch(*processor, key, Part::processor);
    const auto* config = find(*processor, "ProcessorConfig");
    if (config && get_string(*config, "Mode", "INLINE") == "DISTRIBUTED") {
      fields_.refuse("A distributed Map does not run here; write \"Mode\": \"INLINE\"",
                     std::string(key) + "/ProcessorConfig/Mode");
    }
  }

  void read_branch(const json::value& branch, const std::string& field, Part part) {
    const auto* object = branch.if_object();
    if (!object) return fields_.invalid("Expected value of type [OBJECT]", field);
    Fields inner(*object, fields_.at(field), context_.diagnostics);
    check_fields(inner, part, Dialect::both);
    state_.branches.push_back(parse_states(*object, fields_.at(field), context_));
  }

  void read_choice() {
    read_output_and_assign();
    state_.default_next = fields_.text("Default").value_or("");
    fields_.require({"Choices"});
    const auto* choices = fields_.array("Choices");
    if (!choices) return;
    if (choices->empty()) fields_.invalid("Expected at least one choice", "Choices");
    for (std::size_t i = 0; i < choices->size(); ++i)
      read_choice_rule((*choices)[i], fmt::format("Choices[{}]", i));
  }

  void read_choice_rule(const json::value& value, const std::string& field) {
    const auto* object = value.if_object();
    if (!object) return fields_.invalid("Expected value of type [OBJECT]", field);
    Fields rule(*object, fields_.at(field), context_.diagnostics);
    ChoiceRule out;
    out.next = rule.text("Next").value_or("");
    if (state_.jsonata) {
      read_condition(rule, out, field);
    } else {
      fields_.refuse(
          "A choice in the JSONPath dialect does not run here; set \"QueryLanguage\": \"JSONata\" and write "
          "Condition",
          field);
    }
    state_.choices.push_back(std::move(out));
  }

  void read_condition(Fields& rule, ChoiceRule& out, const std::string& field) {
    check_fields(rule, Part::rule, dialect());
    rule.require({"Condition", "Next"});
    out.condition = rule.any("Condition", true, {}, field + "/Condition").value_or(Template{});
    out.output = rule.any("Output", true, {}, field + "/Output");
    out.assign = read_assign(rule, {}, field + "/Assign");
  }

  void read_transition() {
    const auto next = fields_.text("Next");
    const bool end = fields_.truth("End").value_or(false);
    if (next && end) fields_.rule("A state cannot have both Next and End", "End");
    if (!next && !end) fields_.invalid("Expected either \"Next\" or \"End\": true");
    if (next && next->empty()) fields_.invalid("Expected a state's name", "Next");
    state_.next = next.value_or("");
  }

  void read_output_and_assign() {
    read_output();
    state_.assign = read_assign(fields_, own_scope(), "Assign");
  }

  void read_output() { state_.output = jsonata_only("Output", own_scope()); }

  /// What a state's own Output and Assign see.
  [[nodiscard]] StatesScope own_scope() const {
    const auto type = state_.type;
    return {.result = type == StateType::task || type == StateType::parallel || type == StateType::map};
  }

  /// A field that the JSONPath dialect does not have.
  std::optional<Template> jsonata_only(std::string_view key, StatesScope scope = {}) {
    return state_.jsonata ? fields_.any(key, true, scope) : std::nullopt;
  }

  Assignments read_assign(Fields& fields, StatesScope scope, const std::string& name) {
    Assignments out;
    if (!fields.object("Assign")) return out;
    auto whole = fields.any("Assign", state_.jsonata, scope, name);
    if (!whole) return out;
    if (whole->is_literal()) {
      for (const auto& member : whole->literal.as_object())
        out.emplace_back(member.key(), literal_template(member.value()));
    } else {
      for (std::size_t i = 0; i < whole->keys.size(); ++i)
        out.emplace_back(whole->keys[i], std::move(whole->items[i]));
    }
    for (const auto& [variable, value] : out) {
      const bool path = !state_.jsonata && variable.ends_with(".$");  // refused by any()
      if (!path) check_variable(fields, variable);
    }
    return out;
  }

  void check_variable(Fields& fields, const std::string& variable) const {
    const auto& levels = context_.variables;
    if (std::any_of(levels.begin(), levels.end() - 1,
                    [&](const Names& outer) { return outer.contains(variable); })) {
      fields.rule("DUPLICATE_VARIABLE_NAME",
                  fmt::format("The variable name '{}' was already defined in a parent scope.", variable),
                  "Assign/" + variable);
    }

    const auto valid = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c < 0;
    };
    const bool digit = !variable.empty() && std::isdigit(static_cast<unsigned char>(variable.front()));
    if (variable.empty() || variable.size() > 80 || digit ||
        !std::all_of(variable.begin(), variable.end(), valid)) {
      fields.rule("A variable's name must be an identifier of at most 80 characters", "Assign/" + variable);
    } else if (variable == "states") {
      fields.rule("The variable name 'states' is reserved", "Assign/states");
    }
  }

  void read_resource() {
    fields_.require({"Resource"});
    const auto resource = fields_.text("Resource");
    if (!resource) return;
    state_.resource = *resource;
    const auto kind = resource_kind(*resource);
    const auto problem = context_.express ? express_problem(*resource) : "";
    if (!problem.empty()) {
      fields_.rule(problem, "Resource");
    } else if (kind == ResourceKind::invalid) {
      fields_.rule("Value is not a valid resource ARN", "Resource");
    } else if (kind == ResourceKind::other) {
      fields_.rule(
          fmt::format("The resource provided {} is not recognized. The value is not a valid resource ARN, or "
                      "the resource is not available in this region.",
                      *resource),
          "Resource");
    }
  }

  void read_timeouts() {
    state_.timeout_seconds = fields_.number_or_expression("TimeoutSeconds", state_.jsonata, 1, kMaxSeconds);
    state_.heartbeat_seconds =
        fields_.number_or_expression("HeartbeatSeconds", state_.jsonata, 1, kMaxSeconds);
    if (!state_.timeout_seconds || !state_.heartbeat_seconds) return;
    if (!state_.timeout_seconds->is_literal() || !state_.heartbeat_seconds->is_literal()) return;
    if (state_.heartbeat_seconds->literal.to_number<std::int64_t>() >=
        state_.timeout_seconds->literal.to_number<std::int64_t>()) {
      fields_.rule("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds");
    }
  }

  void read_credentials() {
    const auto* credentials = fields_.object("Credentials");
    if (!credentials) return;
    Fields inner(*credentials, fields_.at("Credentials"), context_.diagnostics);
    if (credentials->contains("RoleArn.$") && !state_.jsonata)
      return inner.refuse("Write RoleArn, with an expression in the JSONata dialect", "RoleArn.$");
    inner.require({"RoleArn"});
    state_.role_arn = inner.text_or_expression("RoleArn", state_.jsonata);
  }

  void read_errors() {
    if (const auto* retry = fields_.array("Retry")) {
      for (std::size_t i = 0; i < retry->size(); ++i)
        read_retrier((*retry)[i], fmt::format("Retry[{}]", i), i + 1 == retry->size());
    }
    if (const auto* catchers = fields_.array("Catch")) {
      for (std::size_t i = 0; i < catchers->size(); ++i) {
        read_catcher((*catchers)[i], fmt::format("Catch[{}]", i), i + 1 == catchers->size());
      }
    }
  }

  void read_retrier(const json::value& value, const std::string& field, bool last) {
    const auto* object = value.if_object();
    if (!object) return fields_.invalid("Expected value of type [OBJECT]", field);
    Fields retrier(*object, fields_.at(field), context_.diagnostics);
    check_fields(retrier, Part::retrier, dialect());
    retrier.require({"ErrorEquals"});
    Retrier out;
    out.error_equals = read_error_equals(retrier, last);
    out.interval_seconds = retrier.number("IntervalSeconds", 1, kMaxSeconds).value_or(1);
    out.max_attempts = retrier.number("MaxAttempts", 0, kMaxSeconds).value_or(3);
    out.max_delay_seconds = retrier.number("MaxDelaySeconds", 1, kMaxDelaySeconds).value_or(0);
    out.backoff_rate = read_backoff_rate(retrier);
    const auto jitter = retrier.text("JitterStrategy").value_or("NONE");
    if (jitter != "FULL" && jitter != "NONE")
      retrier.invalid("Value should be one of the following: [FULL, NONE]", "JitterStrategy");
    out.full_jitter = jitter == "FULL";
    state_.retry.push_back(std::move(out));
  }

  static double read_backoff_rate(Fields& retrier) {
    const auto* rate = retrier.get("BackoffRate");
    if (!rate) return 2.0;
    if (rate->is_number() && rate->to_number<double>() >= 1.0) return rate->to_number<double>();
    retrier.invalid("Minimum value is 1.0", "BackoffRate");
    return 2.0;
  }

  void read_catcher(const json::value& value, const std::string& field, bool last) {
    const auto* object = value.if_object();
    if (!object) return fields_.invalid("Expected value of type [OBJECT]", field);
    Fields catcher(*object, fields_.at(field), context_.diagnostics);
    check_fields(catcher, Part::catcher, dialect());
    catcher.require({"ErrorEquals", "Next"});
    constexpr StatesScope kScope{.error_output = true};
    Catcher out;
    out.error_equals = read_error_equals(catcher, last);
    out.next = catcher.text("Next").value_or("");
    if (state_.jsonata) out.output = catcher.any("Output", true, kScope, field + "/Output");
    out.assign = read_assign(catcher, kScope, field + "/Assign");
    state_.catchers.push_back(std::move(out));
  }

  static std::vector<std::string> read_error_equals(Fields& fields, bool last) {
    std::vector<std::string> out;
    const auto* names = fields.array("ErrorEquals");
    if (!names) return out;
    for (const auto& name : *names) {
      if (const auto* text = name.if_string()) {
        out.emplace_back(*text);
      } else {
        fields.invalid("Expected error names as text", "ErrorEquals");
      }
    }
    if (names->empty()) fields.rule("Expected at least one error name", "ErrorEquals");
    const bool all = std::find(out.begin(), out.end(), "States.ALL") != out.end();
    if (all && (out.size() > 1 || !last)) {
      fields.rule("States.ALL must stand alone, and in the last entry", "ErrorEquals");
    }
    return out;
  }

  Fields fields_;
  ParseContext& context_;
  State state_;
};

}  // namespace

bool reads_jsonata(Fields& fields, bool inherited) {
  if (!fields.get("QueryLanguage")) return inherited;
  const auto language = fields.text("QueryLanguage");
  if (language && *language != "JSONata" && *language != "JSONPath")
    fields.rule("Value should be one of the following: [JSONPath, JSONata]", "QueryLanguage");
  return language != "JSONPath";
}

State parse_state(const json::object& object, const std::string& name, const std::string& location,
                  ParseContext& context) {
  return StateParser(object, location, context).parse(name);
}

}  // namespace lamplighter::asl
