// The AWS services that Lamplighter talks to, and how each is addressed.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace lamplighter::aws {

struct Service {
  std::string_view id;           ///< the name in this program, and in the AWS config's `services` sections
  std::string_view host;         ///< first label of its host name, and its signing name
  std::string_view variable;     ///< the end of AWS_ENDPOINT_URL_…
  std::string_view api_version;  ///< of the ec2 and query protocols; "" for JSON services
  std::string_view target = "";  ///< of JSON services: what X-Amz-Target begins with
  std::string_view json_version = "1.1";  ///< of their protocol
  bool rest = false;                      ///< its calls are paths and queries
};

std::span<const Service> services();
/// Error: internal "UnknownService".
Result<Service> find_service(std::string_view id);

}  // namespace lamplighter::aws
