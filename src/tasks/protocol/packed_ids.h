// Instance ids as they travel in payloads. The 17 hexadecimal digits of an id are 12 characters of base64, so
// 10,000 of them take 120 KB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// Texts: one that holds all ids of the usual form, then each other id as it is ("i-…": base64 has no "-").
json::array pack_ids(const std::vector<std::string>& ids);

/// The member `key`, a list as pack_ids() makes it; empty where it is missing.
Result<std::vector<std::string>> read_packed_ids(const Reader& fields, std::string_view key);

}  // namespace lamplighter::tasks
