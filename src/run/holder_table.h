// The coordination table of whoever holds a state directory, for others: by way of its socket, so that they
// need neither the directory's files nor the holder's way to AWS.
#pragma once

#include <optional>
#include <string>

#include "coordination/table.h"
#include "http/message.h"
#include "run/cloud_access.h"
#include "run/socket_caller.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::run {

/// The holder's side. nullopt for a request that is for somebody else.
std::optional<http::Response> answer_table(const http::Request& request, const TableOf& table_of);

/// The others' side. Refers to the caller. Errors: the holder's table's; as SocketCaller's; bad_input
/// "NoTable" where runs with such a coordination agree by none.
class HolderTable final : public coordination::Table {
 public:
  HolderTable(SocketCaller& caller, tasks::Coordination coordination)
      : caller_(caller), coordination_(std::move(coordination)) {}

  Result<coordination::Item> read(const std::string& key) override;
  Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) override;
  Result<std::map<std::string, coordination::Item>> list(const std::string& prefix) override;

 private:
  Result<json::value> ask(json::object request);

  SocketCaller& caller_;
  tasks::Coordination coordination_;
};

}  // namespace lamplighter::run
