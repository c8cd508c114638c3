// Calls of Step Functions' API, and of Scheduler's, through the socket of the process that holds a state
// directory: unsigned, the kernel says who asks.
#pragma once

#include <chrono>
#include <filesystem>

#include "aws/client/caller.h"
#include "aws/client/rest_call.h"
#include "http/curl_transport.h"
#include "machine/shape.h"
#include "run/holder.h"
#include "run/overview.h"

namespace lamplighter::run {

/// The code of what can't be asked: nobody answers there (any more).
inline constexpr std::string_view kNobodyThere = "NobodyThere";

/// The code of one that listens there and says nothing: bad_input, since only people can do something about
/// it.
inline constexpr std::string_view kSilent = "HolderSilent";

/// Errors: bad_input with the API's exception names, and kSilent naming the process; internal where the other
/// is at fault, and internal kNobodyThere.
class SocketCaller final : public aws::Caller, public aws::RestCaller {
 public:
  explicit SocketCaller(const std::filesystem::path& socket);

  Result<std::string> call(const aws::Target& target, std::string_view service, std::string_view action,
                           const aws::Parameters& parameters) override;
  Result<std::string> call_json(const aws::Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override;
  Result<std::string> send(const aws::Target& target, const aws::RestRequest& request) override;
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }

  /// Who answers there: whoever is alive does so at once, so it is waited for some seconds only.
  Result<Holder> holder();
  /// What it shows of what somebody is about to stop. Error: also bad_input, for one that shows nothing.
  Result<Overview> overview(const machine::Shape& shape);
  /// What stands at a path of the holder's own, or what it answers there.
  Result<std::string> get(const std::string& path, std::chrono::seconds patience = kPatience);
  Result<std::string> post(const std::string& path, std::string body);

 private:
  /// For a page of events, or a commit on a disk that is busy.
  static constexpr std::chrono::seconds kPatience{20};

  Result<std::string> send(http::OutgoingRequest request, std::chrono::seconds patience = kPatience);

  std::filesystem::path socket_;
  http::CurlTransport transport_;
};

}  // namespace lamplighter::run
