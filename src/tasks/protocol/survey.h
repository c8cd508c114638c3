// The task `survey`: what it is asked and what it answers, written and read (docs/tasks.md).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/environment.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

inline constexpr std::string_view kSurvey = "survey";

/// A topic, by name or ARN, and the region where it is.
struct TopicAt {
  std::string topic;
  std::string region;

  friend bool operator==(const TopicAt&, const TopicAt&) = default;
};

struct SurveyPayload {
  Action action = Action::start;
  std::string fleet;
  std::string topic;                               ///< a name or an ARN; "" for none
  std::string topic_region;                        ///< where it is
  std::vector<DescribedEnvironment> environments;  ///< all of the fleet
  std::vector<std::string> chosen;                 ///< their names; empty for all
  std::string execution;
  json::value input{};                 ///< the execution's, as it was given; null where nobody says
  std::vector<TopicAt> more_topics{};  ///< that are told beside the first
  int recipients = 1;                  ///< of the report: each takes events

  friend bool operator==(const SurveyPayload&, const SurveyPayload&) = default;
};

enum class Verdict {
  run,
  skipped,  ///< not chosen
  halted    ///< known to fail: nothing of it is touched
};
std::string_view to_string(Verdict verdict);

struct EnvironmentVerdict {
  std::string name;
  Verdict verdict = Verdict::run;
  std::string phase;  ///< that is in the way; "" for none
  std::string reason;

  friend bool operator==(const EnvironmentVerdict&, const EnvironmentVerdict&) = default;
};

struct SurveyAnswer {
  std::vector<EnvironmentVerdict> environments;  ///< all, in the payload's order
  int looks = 1;                                 ///< that each phase may take
  std::vector<std::string> warnings;

  friend bool operator==(const SurveyAnswer&, const SurveyAnswer&) = default;
};

json::object to_json(const SurveyPayload& payload);
json::object to_json(const SurveyAnswer& answer);

/// Error: bad_input kInvalidPayload, kInvalidAnswer.
Result<SurveyPayload> read_survey_payload(const json::value& payload);
Result<std::vector<TopicAt>> read_more_topics(const Reader& fields);
Result<SurveyAnswer> read_survey_answer(const json::value& answer);

}  // namespace lamplighter::tasks
