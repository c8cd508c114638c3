#include "run/socket_caller.h"

#include <fmt/format.h>

#include "aws/client/api_error.h"
#include "aws/client/json_call.h"
#include "http/socket_peer.h"
#include "run/holder_overview.h"

namespace lamplighter::run {
namespace {

/// For who answers without asking anybody, or any disk.
constexpr std::chrono::seconds kPatienceAtFirst{4};

http::CurlOptions options_for(const std::filesystem::path& socket) {
  http::CurlOptions options;
  options.socket = socket;
  return options;
}

/// It is stopped, or hangs: whoever asks must not take it for one that is gone.
tl::unexpected<Error> silent(const std::filesystem::path& socket, std::chrono::seconds waited) {
  const auto process = http::listener_at(socket);
  return fail(ErrorKind::bad_input, std::string(kSilent),
              fmt::format("{} listens at {} and has not answered for {} s: it hangs, or is stopped{}",
                          process ? fmt::format("the process {}", *process) : "a process", socket.string(),
                          waited.count(),
                          process ? fmt::format("; kill -CONT {} lets a stopped one go on", *process) : ""));
}

}  // namespace

SocketCaller::SocketCaller(const std::filesystem::path& socket)
    : socket_(socket), transport_(options_for(socket)) {}

Result<std::string> SocketCaller::call(const aws::Target& /*target*/, std::string_view service,
                                       std::string_view action, const aws::Parameters& /*parameters*/) {
  return fail(ErrorKind::internal, "UnknownService", fmt::format("{}:{}: no way to it", service, action));
}

Result<std::string> SocketCaller::call_json(const aws::Target& target, std::string_view service,
                                            std::string_view action, const json::object& body) {
  auto call = TRY(aws::json_request(target.region, service, action, body));
  http::OutgoingRequest request;
  request.headers = std::move(call.headers);
  request.body = std::move(call.body);
  return send(std::move(request));
}

Result<std::string> SocketCaller::send(const aws::Target& /*target*/, const aws::RestRequest& request) {
  http::OutgoingRequest outgoing;
  outgoing.method = request.method;
  outgoing.url = url_of(request);
  if (!request.body.is_null()) {
    outgoing.headers = {{"Content-Type", "application/json"}};
    outgoing.body = json_text(request.body);
  }
  return send(std::move(outgoing));
}

Result<std::string> SocketCaller::get(const std::string& path, std::chrono::seconds patience) {
  http::OutgoingRequest request;
  request.method = "GET";
  request.url = path;
  return send(std::move(request), patience);
}

Result<std::string> SocketCaller::post(const std::string& path, std::string body) {
  http::OutgoingRequest request;
  request.url = path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  return send(std::move(request));
}

Result<Holder> SocketCaller::holder() {
  const auto answer = parse_json(TRY(get(kHolderPath, kPatienceAtFirst)));
  const auto holder = answer ? read_holder(*answer) : std::nullopt;
  if (holder) return *holder;
  return fail(ErrorKind::internal, "InvalidResponse",
              fmt::format("what answers at {} is no lamplighter of this version", socket_.string()));
}

Result<Overview> SocketCaller::overview(const machine::Shape& shape) {
  return read_overview(TRY(post(kOverviewPath, json_text(overview_request(shape)))));
}

Result<std::string> SocketCaller::send(http::OutgoingRequest request, std::chrono::seconds patience) {
  request.url = "http://localhost" + (request.url.empty() ? "/" : request.url);
  request.timeout = patience;
  auto answer = transport_.send(request);
  if (!answer && answer.error().code == "RequestTimeout") return silent(socket_, patience);
  if (!answer) {
    return fail(ErrorKind::internal, std::string(kNobodyThere),
                fmt::format("nobody answers at {}: {}", socket_.string(), answer.error().message));
  }
  if (answer->status == 200) return std::move(answer->body);
  Error error = aws::api_error(*answer);
  error.kind = answer->status < 500 ? ErrorKind::bad_input : ErrorKind::internal;
  return tl::unexpected(std::move(error));
}

}  // namespace lamplighter::run
