#include "tasks/protocol/survey.h"

#include <array>

#include "tasks/protocol/members.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {
namespace {

constexpr int kMostRecipients = 1'000;
constexpr std::array kVerdicts{Verdict::run, Verdict::skipped, Verdict::halted};

Result<EnvironmentVerdict> read_verdict(const Reader& fields) {
  EnvironmentVerdict environment;
  environment.name = TRY(fields.text("name"));
  const auto word = TRY(fields.text("status"));
  const auto* const found =
      std::find_if(kVerdicts.begin(), kVerdicts.end(), [&](auto v) { return to_string(v) == word; });
  if (found == kVerdicts.end()) return fields.unexpected("status", R"("run", "skipped" or "halted")");
  environment.verdict = *found;
  environment.phase = TRY(fields.optional_text("phase"));
  environment.reason = TRY(fields.optional_text("reason"));
  return environment;
}

json::array to_json(const std::vector<TopicAt>& topics) {
  json::array all;
  for (const auto& each : topics) all.push_back({{"topic", each.topic}, {"region", each.region}});
  return all;
}

json::object to_json(const EnvironmentVerdict& environment) {
  return {{"name", environment.name},
          {"status", to_string(environment.verdict)},
          {"phase", environment.phase},
          {"reason", environment.reason}};
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::run:
      return "run";
    case Verdict::skipped:
      return "skipped";
    case Verdict::halted:
      return "halted";
  }
  return "";
}

json::object to_json(const SurveyPayload& payload) {
  json::object object{{"task", kSurvey},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"environments", to_json(payload.environments)},
                      {"chosen", json::value_from(payload.chosen)},
                      {"execution", payload.execution}};
  if (!payload.topic.empty()) {
    object["topic"] = payload.topic;
    object["topic_region"] = payload.topic_region;
  }
  if (!payload.more_topics.empty()) object["more_topics"] = to_json(payload.more_topics);
  if (payload.recipients > 1) object["recipients"] = payload.recipients;
  if (!payload.input.is_null()) object["input"] = payload.input;
  return object;
}

json::object to_json(const SurveyAnswer& answer) {
  json::array environments;
  for (const auto& environment : answer.environments) environments.push_back(to_json(environment));
  return {{"environments", std::move(environments)},
          {"looks", answer.looks},
          {"warnings", json::value_from(answer.warnings)}};
}

Result<SurveyPayload> read_survey_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  SurveyPayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.topic = TRY(fields.optional_text("topic"));
  task.topic_region = TRY(fields.optional_text("topic_region"));
  task.environments = TRY(read_environments(fields));
  task.chosen = TRY(fields.optional_texts("chosen"));
  task.execution = TRY(fields.optional_text("execution"));
  if (const auto* input = fields.find("input")) task.input = *input;
  task.more_topics = TRY(read_more_topics(fields));
  if (fields.find("recipients") != nullptr)
    task.recipients = static_cast<int>(TRY(fields.whole_number("recipients", 1, kMostRecipients)));
  return task;
}

Result<std::vector<TopicAt>> read_more_topics(const Reader& fields) {
  std::vector<TopicAt> topics;
  for (const auto& each : TRY(fields.optional_objects("more_topics"))) {
    auto topic = TRY(each.nonempty_text("topic"));
    auto region = TRY(each.nonempty_text("region"));
    topics.push_back({std::move(topic), std::move(region)});
  }
  return topics;
}

Result<SurveyAnswer> read_survey_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  SurveyAnswer read;
  for (const auto& environment : TRY(fields.objects("environments"))) {
    read.environments.push_back(TRY(read_verdict(environment)));
  }
  read.looks = static_cast<int>(TRY(fields.whole_number("looks", 1, kMaxCount)));
  read.warnings = TRY(fields.optional_texts("warnings"));
  return read;
}

}  // namespace lamplighter::tasks
