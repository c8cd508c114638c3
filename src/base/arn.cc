#include "base/arn.h"

#include <array>

#include <fmt/format.h>

namespace lamplighter {

std::string Arn::text() const {
  return fmt::format("arn:{}:{}:{}:{}:{}", partition, service, region, account, resource);
}

std::optional<Arn> parse_arn(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (auto& part : parts) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0] != "arn" || text.empty()) return std::nullopt;
  return Arn{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), std::string(parts[4]),
             std::string(text)};
}

Partition partition_of(std::string_view region) {
  struct Row {
    std::string_view prefix;
    Partition partition;
  };
  constexpr std::array<Row, 7> kRows{{{"cn-", {"aws-cn", "amazonaws.com.cn"}},
                                      {"us-gov-", {"aws-us-gov", "amazonaws.com"}},
                                      {"eusc-", {"aws-eusc", "amazonaws.eu"}},
                                      {"us-iso-", {"aws-iso", "c2s.ic.gov"}},
                                      {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov"}},
                                      {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk"}},
                                      {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov"}}}};
  for (const auto& row : kRows) {
    if (region.starts_with(row.prefix)) return row.partition;
  }
  return {"aws", "amazonaws.com"};
}

Arn global_arn_in(std::string_view region, std::string_view service, std::string_view account,
                  std::string_view resource) {
  return {std::string(partition_of(region).name), std::string(service), "", std::string(account),
          std::string(resource)};
}

Arn arn_in(std::string_view region, std::string_view service, std::string_view account,
           std::string_view resource) {
  return {std::string(partition_of(region).name), std::string(service), std::string(region),
          std::string(account), std::string(resource)};
}

}  // namespace lamplighter
