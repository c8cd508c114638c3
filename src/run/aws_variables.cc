#include "run/aws_variables.h"

#include "aws/client/service.h"

namespace lamplighter::run {

const std::vector<std::string>& profile_variables() {
  static const std::vector<std::string> names{"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE",
                                              "AWS_SHARED_CREDENTIALS_FILE"};
  return names;
}

const std::vector<std::string>& endpoint_variables() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"};
    for (const aws::Service& service : aws::services())
      all.push_back("AWS_ENDPOINT_URL_" + std::string(service.variable));
    return all;
  }();
  return names;
}

}  // namespace lamplighter::run
