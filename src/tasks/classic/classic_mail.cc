#include "tasks/classic/classic_mail.h"

#include <array>
#include <map>

#include <fmt/format.h>

#include "aws/services/ec2.h"
#include "aws/services/sns.h"
#include "base/plain_text.h"
#include "tasks/protocol/payload.h"
#include "tasks/report_text.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

/// The event's members, in the order of the phase numbers, and what stands in the mail where the fleet file
/// names no phase for one.
struct Group {
  const char* member;
  const char* label;
};
constexpr std::array<Group, 6> kGroups{{{"dap_state", "dev app"},
                                        {"tap_state", "test app"},
                                        {"pap_state", "preprod app"},
                                        {"ddb_state", "dev db"},
                                        {"tdb_state", "test db"},
                                        {"pdb_state", "preprod db"}}};

struct MailedServer {
  std::string name;
  std::string id;
  std::string initial_state;
};

tl::unexpected<Error> refuse(std::string_view member, std::string_view expected) {
  return fail(ErrorKind::bad_input, "InvalidEvent", fmt::format("{}: expected {}", member, expected));
}

/// The servers of one group; none where it was left alone.
Result<std::vector<MailedServer>> read_group(const json::value& event, const char* member) {
  constexpr const char* kExpected = "the initial_state that a phase answered, or {\"empty\": true}";
  std::vector<MailedServer> servers;
  const auto* state = find(event, member);
  const bool is_empty_list = state && state->is_array() && state->get_array().empty();
  if (!state || state->is_null() || is_empty_list || get_bool(*state, "empty")) return servers;
  if (!state->is_object()) return refuse(member, kExpected);
  for (const auto& [name, server] : state->get_object()) {
    if (get_string(server, "InstanceId").empty()) return refuse(member, kExpected);
    servers.push_back({std::string(name), get_string(server, "InstanceId"), get_string(server, "State")});
  }
  return servers;
}

struct Now {
  std::map<std::string, aws::Instance> instances;
  std::map<std::string, aws::InstanceStatus> checks;
};

/// How the servers are now. What can't be looked at stays out: the mail is sent all the same.
Now look(aws::Ec2 ec2, const std::vector<MailedServer>& servers) {
  Now now;
  std::vector<std::string> ids;
  ids.reserve(servers.size());
  for (const auto& server : servers) ids.push_back(server.id);
  std::vector<std::string> running;
  for (auto& instance :
       ec2.describe_instances({{"instance-id", ids}}).value_or(std::vector<aws::Instance>())) {
    if (instance.state == "running") running.push_back(instance.id);
    now.instances[instance.id] = std::move(instance);
  }
  for (auto& status : ec2.describe_instance_status(running).value_or(std::vector<aws::InstanceStatus>())) {
    now.checks[status.id] = std::move(status);
  }
  return now;
}

std::string line_of(const MailedServer& server, const Now& now) {
  const auto instance = now.instances.find(server.id);
  const auto state = instance == now.instances.end() ? "unknown" : instance->second.state;
  auto line = fmt::format("  {}  {}  {} -> {}", server.name, server.id, server.initial_state, state);
  if (const auto checks = now.checks.find(server.id); checks != now.checks.end()) {
    line +=
        fmt::format("  instance {}, system {}", checks->second.instance_status, checks->second.system_status);
  }
  return plain_line(line) + "\n";
}

/// One group's part of the mail.
std::string part_of(const Context& context, const ClassicFleet& fleet, std::size_t number,
                    const std::vector<MailedServer>& servers) {
  std::string label = kGroups.at(number).label;
  aws::Target target{fleet.region, ""};
  if (number < fleet.phases.size() && !fleet.phases[number].environment.empty()) {
    const auto& phase = fleet.phases[number];
    label = phase.environment + " " + phase.phase;
    target = target_of(phase);
  }
  std::string text = "\n" + label + "\n";
  if (servers.empty()) return text + "  not touched\n";
  const auto now = look(aws::Ec2(context.caller, target), servers);
  for (const auto& server : servers) text += line_of(server, now);
  return text;
}

}  // namespace

Status send_classic_mail(const Context& context, const ClassicFleet& fleet, const json::value& event) {
  const auto subject = get_string(event, "subject");
  if (subject.empty()) return refuse("subject", "the mail's subject");
  if (fleet.topic.empty()) return refuse("send_mail", "a fleet file with `notify` beside the function");
  std::array<std::vector<MailedServer>, kGroups.size()> groups;
  for (std::size_t i = 0; i < groups.size(); ++i) groups.at(i) = TRY(read_group(event, kGroups.at(i).member));
  auto body = fmt::format("{}\n\n{}, {}\n", subject, fleet.name, format_time(context.clock.now()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto part = part_of(context, fleet, i, groups.at(i));
    if (body.size() + part.size() > kMailBytes) part = "\n(Cut here: the mail would be too long.)\n";
    body += part;
    if (body.size() > kMailBytes) break;
  }
  aws::Sns sns(context.caller, {fleet.region, ""});
  CHECK_OK(sns.publish(TRY(sns.find_topic(fleet.topic)), subject, body));
  return {};
}

}  // namespace lamplighter::tasks
