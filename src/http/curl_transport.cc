#include "http/curl_transport.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "base/authority.h"
#include "http/libcurl.h"

namespace lamplighter::http {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxIdle = 16;

/// The answer as it comes in, up to its limits.
struct Receiver {
  Response response;
  std::size_t max_body = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const auto bytes = size * count;
  receiver.too_large = receiver.response.body.size() + bytes > receiver.max_body;
  if (receiver.too_large) return 0;  // curl then ends the transfer
  receiver.response.body.append(data, bytes);
  return bytes;
}

/// A request under way, and who is told that it takes long.
struct Wait {
  const OutgoingRequest& request;
  const CurlOptions& options;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  bool told = false;
};

/// curl calls it about once a second; 0 lets it go on.
int on_progress(void* user, curl_off_t /*to_get*/, curl_off_t /*got*/, curl_off_t /*to_send*/,
                curl_off_t /*sent*/) {
  auto& wait = *static_cast<Wait*>(user);
  if (wait.told || std::chrono::steady_clock::now() - wait.since < wait.options.slow_after) return 0;
  wait.told = true;
  wait.options.slow(wait.request);
  return 0;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const auto bytes = size * count;
  const std::string_view line(data, bytes);
  receiver.header_bytes += bytes;
  receiver.too_large = receiver.header_bytes > kMaxHeaderBytes;
  if (receiver.too_large) return 0;
  if (line.starts_with("HTTP/")) receiver.response.headers.clear();  // an interim answer came before this one
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    receiver.response.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  return bytes;
}

/// A list of header lines for one request.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { libcurl().free_all(list_); }
  void add(const std::string& name, const std::string& value) {
    curl_slist* longer = libcurl().append(list_, (name + ": " + value).c_str());
    is_complete_ = is_complete_ && longer != nullptr;
    if (longer != nullptr) list_ = longer;
  }
  [[nodiscard]] curl_slist* get() const { return list_; }
  /// False where memory ran out.
  [[nodiscard]] bool is_complete() const { return is_complete_; }

 private:
  curl_slist* list_ = nullptr;
  bool is_complete_ = true;
};

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

/// Nothing that would change the request's meaning on its way through libcurl, or leave it unsigned.
Status check(const OutgoingRequest& request) {
  const auto is_good = [](const auto& line) {
    return !has_line_break(line.first) && !has_line_break(line.second);
  };
  if (!std::all_of(request.headers.begin(), request.headers.end(), is_good) || has_line_break(request.url)) {
    return fail(ErrorKind::internal, "InvalidRequest", "a header or the URL holds a line break");
  }
  if (!request.signing) return {};
  const auto& [key, secret, token] = request.signing->credentials;
  if (key.empty() || secret.empty() || has_line_break(key + secret + token)) {
    return fail(ErrorKind::internal, "InvalidRequest", "these credentials can't sign a request");
  }
  return {};
}

/// Loopback and link-local (credential endpoints) addresses are never reached through a proxy, nor is any
/// IPv6 address that is written out.
bool is_local(std::string_view url) {
  const auto authority = parse_authority(authority_of(url));
  if (!authority || !authority->is_address) return authority && authority->is_loopback;
  const auto& host = authority->host;
  return authority->is_loopback || host.starts_with("169.254.") || host.find(':') != std::string::npos;
}

}  // namespace

/// One easy handle: a connection cache, and what must outlive a transfer.
class CurlTransport::Handle {
 public:
  Handle() : curl_(libcurl().init()) {}
  ~Handle() { libcurl().clean_up(curl_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Result<Response> perform(const OutgoingRequest& request, const CurlOptions& options,
                           const std::string& socket) {
    if (curl_ == nullptr) return fail(ErrorKind::internal, "ConnectionError", "libcurl could not start");
    libcurl().reset(curl_);
    Receiver receiver;
    receiver.max_body = options.max_response_bytes;
    HeaderList headers;
    error_.front() = '\0';
    set_up_ = CURLE_OK;
    set_connection(request, options);
    if (!socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    set_content(request, headers);
    if (request.signing) set_signing(*request.signing);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &receiver);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, &receiver);
    Wait wait{request, options};
    if (options.slow) {
      set(CURLOPT_NOPROGRESS, 0L);
      set(CURLOPT_XFERINFOFUNCTION, &on_progress);
      set(CURLOPT_XFERINFODATA, &wait);
    }
    if (set_up_ != CURLE_OK || !headers.is_complete()) {
      return fail(ErrorKind::internal, "InvalidRequest",
                  fmt::format("libcurl can't send such a request: {}", libcurl().words_of(set_up_)));
    }
    const auto code = libcurl().perform(curl_);
    if (code != CURLE_OK) return failure(code, request, receiver);
    long status = 0;
    libcurl().get_info(curl_, CURLINFO_RESPONSE_CODE, &status);
    receiver.response.status = static_cast<int>(status);
    return std::move(receiver.response);
  }

 private:
  /// The first option that libcurl refuses is remembered: a request without one of them, unsigned or to
  /// another place, must not go out.
  template <class Value>
  void set(CURLoption option, Value value) {
    if (set_up_ == CURLE_OK)
      set_up_ = libcurl().set_option(curl_, option, value);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }

  void set_connection(const OutgoingRequest& request, const CurlOptions& options) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_USERAGENT, "lamplighter");
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    const bool is_limited = request.timeout.count() > 0;
    const auto to_connect =
        is_limited ? std::min(request.timeout, options.connect_timeout) : options.connect_timeout;
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(to_connect.count()));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    // A request on a connection that was kept and has died is sent again by libcurl itself.
    if (request.once) set(CURLOPT_FRESH_CONNECT, 1L);
    if (!options.ca_bundle.empty()) set(CURLOPT_CAINFO, options.ca_bundle.c_str());
    if (is_local(request.url)) set(CURLOPT_PROXY, "");
  }

  void set_content(const OutgoingRequest& request, HeaderList& headers) {
    const bool is_post = request.method == "POST";
    if (request.body.empty() && !is_post) {  // else libcurl says that an empty form follows
      set(CURLOPT_HTTPGET, 1L);
    } else {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    }
    if (!is_post && request.method != "GET") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    for (const auto& [name, value] : request.headers) headers.add(name, value);
    if (request.signing && !request.signing->credentials.session_token.empty()) {
      headers.add("X-Amz-Security-Token", request.signing->credentials.session_token);
    }
    set(CURLOPT_HTTPHEADER, headers.get());
  }

  void set_signing(const Signing& signing) {
    const auto scope = "aws:amz:" + signing.region + ":" + signing.service;
    set(CURLOPT_AWS_SIGV4, scope.c_str());
    set(CURLOPT_USERNAME, signing.credentials.access_key_id.c_str());
    set(CURLOPT_PASSWORD, signing.credentials.secret_access_key.c_str());
  }

  [[nodiscard]] tl::unexpected<Error> failure(CURLcode code, const OutgoingRequest& request,
                                              const Receiver& receiver) const {
    const auto where = request.url.substr(0, request.url.find('?'));
    const std::string_view detail = error_.front() != '\0' ? error_.data() : libcurl().words_of(code);
    if (request.once && went_out()) {
      return fail(ErrorKind::aws, std::string(kAnswerLost), fmt::format("{}: {}", where, detail));
    }
    if (receiver.too_large) {
      return fail(ErrorKind::aws, "ResponseTooLarge", where + ": the answer is larger than the limit");
    }
    const bool is_timeout = code == CURLE_OPERATION_TIMEDOUT;
    return fail(ErrorKind::aws, is_timeout ? "RequestTimeout" : "ConnectionError",
                fmt::format("{}: {}", where, detail));
  }

  /// Whether any of the request left this machine.
  [[nodiscard]] bool went_out() const {
    long bytes = 0;
    libcurl().get_info(curl_, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0;
  }

  CURL* curl_;
  CURLcode set_up_ = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

std::string find_ca_bundle(const Host& host) {
  for (const char* name : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (auto path = host.variable(name)) return *path;
  }
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (::access(path, R_OK) == 0) return path;
  }
  return "";
}

CurlTransport::CurlTransport(CurlOptions options) : options_(std::move(options)), socket_(options_.socket) {}
CurlTransport::~CurlTransport() = default;

Result<Response> CurlTransport::send(const OutgoingRequest& request) {
  CHECK_OK(check(request));
  auto handle = acquire();
  auto response = handle->perform(request, options_, socket_.text());
  release(std::move(handle));
  return response;
}

/// The handle used last comes first: its connections are the likeliest to be open still.
std::unique_ptr<CurlTransport::Handle> CurlTransport::acquire() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Handle>();
  auto handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void CurlTransport::release(std::unique_ptr<Handle> handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(handle));
}

}  // namespace lamplighter::http
