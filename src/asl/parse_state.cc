#include "asl/parse_state.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"

namespace lamplighter::asl {
namespace {

constexpr std::int64_t kMaxSeconds = 99'999'999;
constexpr std::int64_t kMaxDelaySeconds = 31'622'400;

/// Fields of the JSONPath dialect alone, and what the JSONata dialect has in their place.
struct PathField {
  std::string_view name;
  std::string_view instead;
};
constexpr std::array<PathField, 18> kPathFields{{
    {"InputPath", "read from $states.input in Arguments or Output"},
    {"OutputPath", "write Output"},
    {"Parameters", "write Arguments (in a Map state ItemSelector, in a Pass state Output)"},
    {"ResultSelector", "write Output, reading from $states.result"},
    {"ResultPath", "write Output, or keep the result with Assign"},
    {"ItemsPath", "write Items"},
    {"SecondsPath", "write Seconds with an expression"},
    {"TimestampPath", "write Timestamp with an expression"},
    {"TimeoutSecondsPath", "write TimeoutSeconds with an expression"},
    {"HeartbeatSecondsPath", "write HeartbeatSeconds with an expression"},
    {"ErrorPath", "write Error with an expression"},
    {"CausePath", "write Cause with an expression"},
    {"MaxConcurrencyPath", "write MaxConcurrency with an expression"},
    {"ToleratedFailureCountPath", "write ToleratedFailureCount with an expression"},
    {"ToleratedFailurePercentagePath", "write ToleratedFailurePercentage with an expression"},
    {"Variable", "write Condition"},
    {"ItemReader", "write Items: the Map runs inline"},
    {"ItemBatcher", "write Items with batches made by an expression: the Map runs inline"},
}};

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
    state_.jsonata = read_query_language();
    for (const auto* key : {"Comment"}) fields_.get(key);
    const auto type = read_type();
    if (!type) return std::move(state_);
    state_.type = *type;
    read_fields();
    refuse_path_fields();
    warn_unknown();
    return std::move(state_);
  }

 private:
  bool read_query_language() {
    const auto language = fields_.text("QueryLanguage");
    if (!language) return context_.jsonata;
    if (*language == "JSONata") return true;
    if (*language != "JSONPath") {
      fields_.invalid(fmt::format("Found '{}', expected 'JSONata' or 'JSONPath'", *language),
                      "QueryLanguage");
    } else if (context_.jsonata) {
      fields_.invalid("A state of a JSONata state machine cannot be in the JSONPath dialect",
                      "QueryLanguage");
    }
    return false;
  }

  std::optional<StateType> read_type() {
    const auto name = fields_.text("Type", true);
    if (!name) return std::nullopt;
    const auto type = state_type(*name);
    if (!type) {
      fields_.invalid(
          fmt::format("Found '{}', expected one of Task, Pass, Choice, Wait, Parallel, Map, Succeed, Fail",
                      *name),
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
    const bool seconds = fields_.get("Seconds") != nullptr;
    const bool timestamp = fields_.get("Timestamp") != nullptr;
    if (seconds == timestamp && !fields_.unknown().contains("SecondsPath") &&
        !fields_.unknown().contains("TimestampPath")) {
      fields_.invalid("A Wait state must have exactly one of Seconds and Timestamp");
    }
    if (state_.timestamp && state_.timestamp->is_literal() &&
        !parse_time(state_.timestamp->literal.as_string())) {
      fields_.invalid("Expected an RFC 3339 timestamp such as 2026-11-24T06:00:00Z", "Timestamp");
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
    if (const auto* branches = fields_.array("Branches", true)) {
      if (branches->empty()) fields_.invalid("Expected at least one branch", "Branches");
      for (std::size_t i = 0; i < branches->size(); ++i)
        read_branch((*branches)[i], fmt::format("Branches[{}]", i));
    }
    read_errors();
  }

  void read_map() {
    read_transition();
    read_output_and_assign();
    read_items();
    state_.item_selector = fields_.any("ItemSelector", state_.jsonata);
    state_.max_concurrency = fields_.number_or_expression("MaxConcurrency", state_.jsonata, 0, kMaxSeconds);
    state_.tolerated_failure_count =
        fields_.number_or_expression("ToleratedFailureCount", state_.jsonata, 0, kMaxSeconds);
    state_.tolerated_failure_percentage =
        fields_.number_or_expression("ToleratedFailurePercentage", state_.jsonata, 0, 100);
    read_processor();
    read_errors();
    fields_.get("Label");
    if (fields_.get("ResultWriter"))
      fields_.invalid("A distributed Map does not run here; leave ResultWriter out", "ResultWriter");
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
    const auto* processor = fields_.need(key);
    if (!processor) return;
    read_branch(*processor, key);
    const auto* config = find(*processor, "ProcessorConfig");
    if (config && get_string(*config, "Mode", "INLINE") == "DISTRIBUTED") {
      fields_.invalid("A distributed Map does not run here; write \"Mode\": \"INLINE\"",
                      std::string(key) + "/ProcessorConfig/Mode");
    }
  }

  void read_branch(const json::value& branch, const std::string& field) {
    if (const auto* object = branch.if_object()) {
      state_.branches.push_back(parse_states(*object, fields_.at(field), context_));
    } else {
      fields_.invalid("Expected an object with StartAt and States", field);
    }
  }

  void read_choice() {
    read_output_and_assign();
    state_.default_next = fields_.text("Default").value_or("");
    const auto* choices = fields_.array("Choices", true);
    if (!choices) return;
    if (choices->empty()) fields_.invalid("Expected at least one choice", "Choices");
    for (std::size_t i = 0; i < choices->size(); ++i)
      read_choice_rule((*choices)[i], fmt::format("Choices[{}]", i));
  }

  void read_choice_rule(const json::value& value, const std::string& field) {
    const auto* object = value.if_object();
    if (!object) return fields_.invalid("Expected an object", field);
    if (!state_.jsonata) {
      return fields_.invalid(
          "A choice in the JSONPath dialect does not run here; set \"QueryLanguage\": \"JSONata\" and write "
          "Condition",
          field);
    }
    Fields rule(*object, fields_.at(field), context_.diagnostics);
    ChoiceRule out;
    out.next = rule.text("Next", true).value_or("");
    if (rule.need("Condition"))
      out.condition = rule.any("Condition", true, field + "/Condition").value_or(Template{});
    out.output = rule.any("Output", true, field + "/Output");
    out.assign = read_assign(rule, field + "/Assign");
    state_.choices.push_back(std::move(out));
  }

  void read_transition() {
    const auto next = fields_.text("Next");
    const bool end = fields_.truth("End").value_or(false);
    if (next && end) fields_.invalid("A state cannot have both Next and End", "End");
    if (!next && !end) fields_.invalid("Expected either \"Next\" or \"End\": true");
    if (next && next->empty()) fields_.invalid("Expected a state's name", "Next");
    state_.next = next.value_or("");
  }

  void read_output_and_assign() {
    read_output();
    state_.assign = read_assign(fields_, "Assign");
  }

  void read_output() { state_.output = jsonata_only("Output"); }

  /// A field that the JSONPath dialect does not have.
  std::optional<Template> jsonata_only(std::string_view key) {
    if (!fields_.get(key)) return std::nullopt;
    if (state_.jsonata) return fields_.any(key, true);
    fields_.invalid(
        fmt::format("The field '{}' belongs to the JSONata dialect; set \"QueryLanguage\": \"JSONata\"", key),
        key);
    return std::nullopt;
  }

  Assignments read_assign(Fields& fields, const std::string& name) {
    Assignments out;
    if (!fields.object("Assign")) return out;
    auto whole = fields.any("Assign", state_.jsonata, name);
    if (!whole) return out;
    if (whole->is_literal()) {
      for (const auto& member : whole->literal.as_object())
        out.emplace_back(member.key(), literal_template(member.value()));
    } else {
      for (std::size_t i = 0; i < whole->keys.size(); ++i)
        out.emplace_back(whole->keys[i], std::move(whole->items[i]));
    }
    for (const auto& [variable, value] : out) check_variable(fields, variable);
    return out;
  }

  static void check_variable(Fields& fields, const std::string& variable) {
    const auto valid = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c < 0;
    };
    const bool digit = !variable.empty() && std::isdigit(static_cast<unsigned char>(variable.front()));
    if (variable.empty() || variable.size() > 80 || digit ||
        !std::all_of(variable.begin(), variable.end(), valid)) {
      fields.invalid("A variable's name must be an identifier of at most 80 characters",
                     "Assign/" + variable);
    } else if (variable == "states") {
      fields.invalid("The variable name 'states' is reserved", "Assign/states");
    }
  }

  void read_resource() {
    const auto resource = fields_.text("Resource", true);
    if (!resource) return;
    state_.resource = *resource;
    if (!resource->starts_with("arn:"))
      return fields_.invalid("Value is not a valid resource ARN", "Resource");
    if (is_lambda_arn(*resource) || is_lambda_invoke(*resource)) return;
    fields_.error(
        "UNSUPPORTED_RESOURCE",
        fmt::format("The resource '{}' does not run here; write arn:aws:states:::lambda:invoke, or a Lambda "
                    "function's ARN",
                    *resource),
        "Resource");
  }

  /// arn:PARTITION:states:::lambda:invoke
  static bool is_lambda_invoke(std::string_view arn) { return arn.ends_with(":states:::lambda:invoke"); }

  /// arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:VERSION]
  static bool is_lambda_arn(std::string_view arn) {
    return arn.find(":lambda:") != std::string_view::npos && arn.find(":function:") != std::string_view::npos;
  }

  void read_timeouts() {
    state_.timeout_seconds = fields_.number_or_expression("TimeoutSeconds", state_.jsonata, 1, kMaxSeconds);
    state_.heartbeat_seconds =
        fields_.number_or_expression("HeartbeatSeconds", state_.jsonata, 1, kMaxSeconds);
    if (!state_.timeout_seconds || !state_.heartbeat_seconds) return;
    if (!state_.timeout_seconds->is_literal() || !state_.heartbeat_seconds->is_literal()) return;
    if (state_.heartbeat_seconds->literal.to_number<std::int64_t>() >=
        state_.timeout_seconds->literal.to_number<std::int64_t>()) {
      fields_.invalid("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds");
    }
  }

  void read_credentials() {
    const auto* credentials = fields_.object("Credentials");
    if (!credentials) return;
    Fields inner(*credentials, fields_.at("Credentials"), context_.diagnostics);
    state_.role_arn = inner.text_or_expression("RoleArn", state_.jsonata);
    if (credentials->contains("RoleArn.$")) {
      inner.invalid("Write RoleArn, with an expression in the JSONata dialect", "RoleArn.$");
    }
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
    if (!object) return fields_.invalid("Expected an object", field);
    Fields retrier(*object, fields_.at(field), context_.diagnostics);
    Retrier out;
    out.error_equals = read_error_equals(retrier, last);
    out.interval_seconds = retrier.number("IntervalSeconds", 1, kMaxSeconds).value_or(1);
    out.max_attempts = retrier.number("MaxAttempts", 0, kMaxSeconds).value_or(3);
    out.max_delay_seconds = retrier.number("MaxDelaySeconds", 1, kMaxDelaySeconds).value_or(0);
    out.backoff_rate = read_backoff_rate(retrier);
    const auto jitter = retrier.text("JitterStrategy").value_or("NONE");
    if (jitter != "FULL" && jitter != "NONE")
      retrier.invalid(fmt::format("Found '{}', expected FULL or NONE", jitter), "JitterStrategy");
    out.full_jitter = jitter == "FULL";
    state_.retry.push_back(std::move(out));
  }

  static double read_backoff_rate(Fields& retrier) {
    const auto* rate = retrier.get("BackoffRate");
    if (!rate) return 2.0;
    if (rate->is_number() && rate->to_number<double>() >= 1.0) return rate->to_number<double>();
    retrier.invalid("Expected a number of at least 1.0", "BackoffRate");
    return 2.0;
  }

  void read_catcher(const json::value& value, const std::string& field, bool last) {
    const auto* object = value.if_object();
    if (!object) return fields_.invalid("Expected an object", field);
    Fields catcher(*object, fields_.at(field), context_.diagnostics);
    Catcher out;
    out.error_equals = read_error_equals(catcher, last);
    out.next = catcher.text("Next", true).value_or("");
    if (catcher.get("Output")) {
      if (state_.jsonata) {
        out.output = catcher.any("Output", true, field + "/Output");
      } else {
        catcher.invalid(
            "The field 'Output' belongs to the JSONata dialect; set \"QueryLanguage\": \"JSONata\"",
            "Output");
      }
    }
    if (catcher.get("ResultPath")) {
      catcher.invalid(
          "The field 'ResultPath' belongs to the JSONPath dialect, which does not run here; write Output, "
          "reading from $states.errorOutput",
          "ResultPath");
    }
    out.assign = read_assign(catcher, field + "/Assign");
    state_.catchers.push_back(std::move(out));
  }

  static std::vector<std::string> read_error_equals(Fields& fields, bool last) {
    std::vector<std::string> out;
    const auto* names = fields.array("ErrorEquals", true);
    if (!names) return out;
    for (const auto& name : *names) {
      if (const auto* text = name.if_string()) {
        out.emplace_back(*text);
      } else {
        fields.invalid("Expected error names as text", "ErrorEquals");
      }
    }
    if (names->empty()) fields.invalid("Expected at least one error name", "ErrorEquals");
    const bool all = std::find(out.begin(), out.end(), "States.ALL") != out.end();
    if (all && (out.size() > 1 || !last)) {
      fields.invalid("States.ALL must stand alone, and in the last entry", "ErrorEquals");
    }
    return out;
  }

  void refuse_path_fields() {
    const auto unknown = fields_.unknown();
    for (const auto& [name, instead] : kPathFields) {
      if (!unknown.contains(std::string(name))) continue;
      fields_.invalid(fmt::format("The field '{}' does not run here: {}{}", name,
                                  state_.jsonata ? "" : "set \"QueryLanguage\": \"JSONata\" and ", instead),
                      name);
      fields_.get(name);
    }
    if (state_.jsonata && state_.type == StateType::pass && unknown.contains("Result")) {
      fields_.invalid("The field 'Result' belongs to the JSONPath dialect; write Output", "Result");
      fields_.get("Result");
    }
  }

  void warn_unknown() {
    for (const auto& key : fields_.unknown()) {
      fields_.warning("UNKNOWN_FIELD",
                      fmt::format("The field '{}' is not one of a {} state and has no effect", key,
                                  to_string(state_.type)),
                      key);
    }
  }

  Fields fields_;
  ParseContext& context_;
  State state_;
};

}  // namespace

State parse_state(const json::object& object, const std::string& name, const std::string& location,
                  ParseContext& context) {
  return StateParser(object, location, context).parse(name);
}

}  // namespace lamplighter::asl
