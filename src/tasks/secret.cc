#include "tasks/secret.h"

#include <fmt/format.h>

#include "aws/services/ssm.h"
#include "tasks/outside.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kLongest = 4096;  // as a parameter of SSM's

tl::unexpected<Error> no_secret(const SecretSource& source, std::string_view why) {
  return fail(ErrorKind::bad_input, "NoSecret", fmt::format("{} {}", source.words(), why));
}

std::string without_blanks(const std::string& text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

Result<std::string> read(const Context& context, const SecretSource& source, const std::string& region) {
  if (source.kind == SecretSource::Kind::ssm)
    return aws::Ssm(context.caller, {region, ""}).get_parameter(source.name);
  if (context.outside == nullptr) return no_secret(source, "can't be read here");
  if (source.kind == SecretSource::Kind::env) {
    auto value = context.outside->host.variable(source.name);
    return value ? Result<std::string>(*std::move(value)) : no_secret(source, "is not set");
  }
  auto text = context.outside->host.read_file(source.name);
  if (!text) return no_secret(source, "can't be read");
  return *text ? Result<std::string>(**std::move(text)) : no_secret(source, "is not there");
}

}  // namespace

Result<std::string> fetch_secret(const Context& context, const SecretSource& source,
                                 const std::string& region) {
  std::string secret = without_blanks(TRY(read(context, source, region)));
  if (secret.empty()) return no_secret(source, "is empty");
  if (secret.size() > kLongest) return no_secret(source, fmt::format("has more than {} bytes", kLongest));
  return secret;
}

}  // namespace lamplighter::tasks
