#include "asl/schema.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace lamplighter::asl {
namespace {

constexpr unsigned bit(Part part) { return 1U << static_cast<unsigned>(part); }

constexpr unsigned kTask = bit(Part::task);
constexpr unsigned kPass = bit(Part::pass);
constexpr unsigned kChoice = bit(Part::choice);
constexpr unsigned kWait = bit(Part::wait);
constexpr unsigned kParallel = bit(Part::parallel);
constexpr unsigned kMap = bit(Part::map);
constexpr unsigned kSucceed = bit(Part::succeed);
constexpr unsigned kFail = bit(Part::fail);
constexpr unsigned kMachine = bit(Part::machine);
constexpr unsigned kBranch = bit(Part::branch);
constexpr unsigned kProcessor = bit(Part::processor);
constexpr unsigned kRetrier = bit(Part::retrier);
constexpr unsigned kCatcher = bit(Part::catcher);
constexpr unsigned kRule = bit(Part::rule);

constexpr unsigned kGroups = kParallel | kMap;
constexpr unsigned kMoving = kTask | kPass | kWait | kGroups;  // these have Next and End
constexpr unsigned kStates = kMoving | kChoice | kSucceed | kFail;
constexpr unsigned kContainers = kMachine | kBranch | kProcessor;
constexpr unsigned kEverything = kStates | kContainers | kRetrier | kCatcher | kRule;

struct Field {
  std::string_view name;
  unsigned parts;
  Dialect dialect = Dialect::both;
  std::string_view instead{};  ///< of what does not run here: what to do
};

constexpr Field kFields[] = {
    {"Comment", kEverything},
    {"QueryLanguage", kStates | kMachine},
    {"StartAt", kContainers},
    {"States", kContainers},
    {"Version", kMachine},
    {"ProcessorConfig", kProcessor},
    {"Type", kStates},
    {"Next", kMoving | kCatcher | kRule},
    {"End", kMoving},
    {"Assign", kMoving | kChoice | kCatcher | kRule},
    {"Output", kMoving | kChoice | kSucceed | kCatcher | kRule, Dialect::jsonata},
    {"Arguments", kTask | kParallel, Dialect::jsonata},
    {"Resource", kTask},
    {"Credentials", kTask},
    {"TimeoutSeconds", kTask | kMachine},
    {"HeartbeatSeconds", kTask},
    {"Retry", kTask | kGroups},
    {"Catch", kTask | kGroups},
    {"ErrorEquals", kRetrier | kCatcher},
    {"IntervalSeconds", kRetrier},
    {"MaxAttempts", kRetrier},
    {"BackoffRate", kRetrier},
    {"MaxDelaySeconds", kRetrier},
    {"JitterStrategy", kRetrier},
    {"Result", kPass, Dialect::jsonpath},
    {"Choices", kChoice},
    {"Default", kChoice},
    {"Condition", kRule, Dialect::jsonata},
    {"Seconds", kWait},
    {"Timestamp", kWait},
    {"Error", kFail},
    {"Cause", kFail},
    {"Branches", kParallel},
    {"Items", kMap, Dialect::jsonata},
    {"ItemSelector", kMap},
    {"ItemProcessor", kMap},
    {"Iterator", kMap},
    {"MaxConcurrency", kMap},
    {"ToleratedFailureCount", kMap},
    {"ToleratedFailurePercentage", kMap},
    {"Label", kMap},
    {"ItemReader", kMap, Dialect::both, "write Items: the Map runs inline"},
    {"ItemBatcher", kMap, Dialect::both,
     "write Items with batches made by an expression: the Map runs inline"},
    {"ResultWriter", kMap, Dialect::both, "leave it out: the Map runs inline"},
    {"InputPath", kStates & ~kFail, Dialect::jsonpath, "read from $states.input in Arguments or Output"},
    {"OutputPath", kStates & ~kFail, Dialect::jsonpath, "write Output"},
    {"Parameters", kTask | kPass | kGroups, Dialect::jsonpath,
     "write Arguments (in a Map state ItemSelector, in a Pass state Output)"},
    {"ResultSelector", kTask | kGroups, Dialect::jsonpath, "write Output, reading from $states.result"},
    {"ResultPath", kTask | kPass | kGroups | kCatcher, Dialect::jsonpath,
     "write Output, or keep what is wanted with Assign"},
    {"ItemsPath", kMap, Dialect::jsonpath, "write Items"},
    {"SecondsPath", kWait, Dialect::jsonpath, "write Seconds with an expression"},
    {"TimestampPath", kWait, Dialect::jsonpath, "write Timestamp with an expression"},
    {"TimeoutSecondsPath", kTask, Dialect::jsonpath, "write TimeoutSeconds with an expression"},
    {"HeartbeatSecondsPath", kTask, Dialect::jsonpath, "write HeartbeatSeconds with an expression"},
    {"ErrorPath", kFail, Dialect::jsonpath, "write Error with an expression"},
    {"CausePath", kFail, Dialect::jsonpath, "write Cause with an expression"},
    {"MaxConcurrencyPath", kMap, Dialect::jsonpath, "write MaxConcurrency with an expression"},
    {"ToleratedFailureCountPath", kMap, Dialect::jsonpath, "write ToleratedFailureCount with an expression"},
    {"ToleratedFailurePercentagePath", kMap, Dialect::jsonpath,
     "write ToleratedFailurePercentage with an expression"},
};

std::string_view name_of(Dialect dialect) { return dialect == Dialect::jsonata ? "JSONata" : "JSONPath"; }

bool are_apart(Dialect a, Dialect b) { return a != Dialect::both && b != Dialect::both && a != b; }

void check_field(Fields& fields, std::string_view name, Part part, Dialect dialect) {
  const auto* field = std::find_if(std::begin(kFields), std::end(kFields),
                                   [&](const Field& known) { return known.name == name; });
  if (field == std::end(kFields) || (field->parts & bit(part)) == 0) {
    fields.rule(fmt::format("Field '{}' is not supported", name));
  } else if (are_apart(field->dialect, dialect)) {
    fields.rule(fmt::format(
        "The QueryLanguage is set to '{}', but field '{}' is only supported for the '{}' QueryLanguage",
        name_of(dialect), name, name_of(field->dialect)));
  } else if (!field->instead.empty()) {
    fields.refuse(
        fmt::format("The field '{}' does not run here: {}{}", name,
                    field->dialect == Dialect::jsonpath ? "set \"QueryLanguage\": \"JSONata\" and " : "",
                    field->instead),
        name);
  }
}

}  // namespace

void check_fields(Fields& fields, Part part, Dialect dialect) {
  for (const auto& member : fields.object())
    check_field(fields, std::string_view(member.key()), part, dialect);
}

}  // namespace lamplighter::asl
