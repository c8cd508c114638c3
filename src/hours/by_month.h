// Days summed up by month.
#pragma once

#include <cstddef>
#include <vector>

#include "hours/store.h"

namespace lamplighter::hours {

/// Of each environment the latest `months` months that it has days of; each row's day is "2026-11". The rows
/// must be in the order that the store gives.
std::vector<Row> by_month(const std::vector<Row>& days, std::size_t months);

}  // namespace lamplighter::hours
