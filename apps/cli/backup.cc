// lamplighter backup and restore: a state directory in one file, and one made of it.
#include <cstdio>
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "backup/make.h"
#include "backup/restore.h"
#include "console/print.h"
#include "run/executions.h"

namespace lamplighter::cli {
namespace {

struct BackupVerb {
  std::string file;
  std::string state_dir;
  bool overwrite = false;
  bool with_key = false;
};

struct RestoreVerb {
  std::string file;
  std::string state_dir;
  bool go_on = false;
};

Status make_backup(const BackupVerb& options) {
  const auto directory = TRY(run::state_directory(options.state_dir));
  const auto made =
      TRY(backup::make({directory, options.file, options.overwrite, options.with_key}, SystemClock().now()));
  console::print_line(stdout, "{}: {} executions, {} of them running; {:.1f} MB{}", options.file,
                      made.executions, made.running, static_cast<double>(made.bytes) / 1e6,
                      made.has_key ? "; it holds the API's secret key" : "");
  return {};
}

Status restore(const RestoreVerb& options) {
  const auto restored =
      TRY(backup::restore({options.file, options.state_dir, options.go_on}, SystemClock().now()));
  console::print_line(stdout, "{}: as it was at {}", options.state_dir, format_time(restored.made));
  if (restored.running > 0) {
    console::print_line(stdout, "{} executions were running then: {}", restored.running,
                        options.go_on ? "they go on with the next serve or resume"
                                      : "they are ABORTED here; --go-on restores them as running");
  }
  if (!restored.has_key) console::print_line(stdout, "The API's key pair is not in it: a new one is made");
  return {};
}

}  // namespace

void add_backup(CommandLine& line) {
  Verb verb =
      line.verb("backup", "Copy the state directory into one file, while whoever works there goes on");
  const auto options = std::make_shared<BackupVerb>();
  verb.option("file", options->file, "Where to").required().called("FILE");
  verb.flag("--overwrite", options->overwrite, "A file that is there");
  verb.flag("--with-key", options->with_key, "And the API's key pair, which is a secret");
  add_state_dir(verb, options->state_dir);
  verb.footer("Example:\n  lamplighter backup /backup/lamplighter-20261127");
  verb.runs([options] { return make_backup(*options); });
}

void add_restore(CommandLine& line) {
  Verb verb = line.verb("restore", "Make a state directory of a backup");
  const auto options = std::make_shared<RestoreVerb>();
  verb.option("file", options->file, "The backup").required().called("FILE");
  verb.option("--state-dir", options->state_dir, "A directory that is new, or empty")
      .called("DIR")
      .required();
  verb.flag("--go-on", options->go_on, "What was running goes on here: it must run nowhere else");
  verb.footer(
      "Example:\n  lamplighter restore /backup/lamplighter-20261127 --state-dir ~/.local/state/lamplighter");
  verb.runs([options] { return restore(*options); });
}

}  // namespace lamplighter::cli
