#include "simcloud/sts.h"

#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostSessions = 1'000;
constexpr int kDefaultSeconds = 3'600;
constexpr int kFewestSeconds = 900;
constexpr int kMostSeconds = 43'200;

Answer get_caller_identity(World& world, const Call& call) {
  const auto session = world.sessions.find(call.access_key);
  const std::string arn = session != world.sessions.end()
                              ? session->second
                              : global_arn_in(call.region, "iam", world.account, "user/simulated").text();
  return json::object{{"UserId", call.access_key.empty() ? "AIDASIMULATED" : call.access_key},
                      {"Account", world.account},
                      {"Arn", arn}};
}

tl::expected<int, ApiError> read_seconds(const std::string& text) {
  int seconds = kDefaultSeconds;
  if (text.empty()) return seconds;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < kFewestSeconds ||
      seconds > kMostSeconds) {
    return refuse("ValidationError", "DurationSeconds is a number from 900 to 43200.");
  }
  return seconds;
}

/// "arn:aws:iam::ACCOUNT:role/PATH/NAME" → "arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION".
std::string session_arn(const Arn& role, std::string_view account, std::string_view session) {
  const auto name = role.resource.substr(role.resource.rfind('/') + 1);
  return Arn{role.partition, "sts", "", std::string(account),
             fmt::format("assumed-role/{}/{}", name, session)}
      .text();
}

Answer assume_role(World& world, const Call& call) {
  const std::string& role_arn = call.parameters.get("RoleArn");
  const std::string& session = call.parameters.get("RoleSessionName");
  const auto role = parse_arn(role_arn);
  if (!role || role->service != "iam" || !role->resource.starts_with("role/") || role_arn.size() > 2048) {
    return refuse("ValidationError", fmt::format("{} is invalid", role_arn.substr(0, 2048)));
  }
  if (session.size() < 2 || session.size() > 64)
    return refuse("ValidationError", "RoleSessionName has 2 to 64 characters.");
  const auto seconds = read_seconds(call.parameters.get("DurationSeconds"));
  if (!seconds) return tl::unexpected(seconds.error());
  const std::string key = fmt::format("ASIA{:016X}", world.random.next());
  const std::string arn = session_arn(*role, world.account, session);
  if (world.sessions.size() >= kMostSessions) world.sessions.clear();
  world.sessions[key] = arn;
  return json::object{
      {"Credentials",
       {{"AccessKeyId", key},
        {"SecretAccessKey", fmt::format("{:016x}{:016x}{:08x}", world.random.next(), world.random.next(),
                                        world.random.next() >> 32U)},
        {"SessionToken", fmt::format("{:016x}{:016x}", world.random.next(), world.random.next())},
        {"Expiration", format_time(world.now + std::chrono::seconds(*seconds))}}},
      {"AssumedRoleUser", {{"AssumedRoleId", fmt::format("AROASIMULATED:{}", session)}, {"Arn", arn}}}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"GetCallerIdentity", get_caller_identity},
      {"AssumeRole", assume_role},
  };
  return table;
}

}  // namespace

bool has_sts_action(std::string_view action) { return actions().contains(action); }

Answer answer_sts(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
