/* The scenarios in C. usage: scenarios PLUGIN [REQUEST]...
 * Answers each request, or each line of standard input, with one line of JSON. */
#include <setjmp.h>

#include "reply.h"
#include "support.h"

const char *plugin_path;

static struct {
  char line[16384];
  char *fields[64];
  size_t num_fields;
  char json[32768];
  size_t size;
  jmp_buf end;
} state;

const char *request_value(const char *key) {
  size_t size = strlen(key);
  for (size_t i = 0; i < state.num_fields; ++i) {
    if (strncmp(state.fields[i], key, size) == 0 && state.fields[i][size] == '=')
      return state.fields[i] + size + 1;
  }
  return NULL;
}

static void put_bytes(const char *text, size_t size) {
  if (state.size + size + 1 > sizeof state.json) abort();
  memcpy(state.json + state.size, text, size);
  state.size += size;
  state.json[state.size] = '\0';
}

static void put_quoted(const char *text) {
  put_bytes("\"", 1);
  for (; *text != '\0'; ++text) {
    char escaped[8];
    unsigned char byte = (unsigned char)*text;
    if (byte == '"' || byte == '\\') {
      snprintf(escaped, sizeof escaped, "\\%c", *text);
    } else if (byte < 0x20) {
      snprintf(escaped, sizeof escaped, "\\u%04x", byte);
    } else {
      snprintf(escaped, sizeof escaped, "%c", *text);
    }
    put_bytes(escaped, strlen(escaped));
  }
  put_bytes("\"", 1);
}

void put_raw(const char *key, const char *json) {
  put_bytes(",", 1);
  put_quoted(key);
  put_bytes(":", 1);
  put_bytes(json, strlen(json));
}

void put_text(const char *key, const char *value) {
  put_raw(key, "");
  put_quoted(value);
}

static void begin_reply(const char *name, const char *outcome) {
  state.size = 0;
  put_bytes("{\"scenario\":", 12);
  put_quoted(name);
  put_text("outcome", outcome);
}

void failed(const char *why) {
  begin_reply(state.line, "failed");
  put_text("why", why);
  longjmp(state.end, 1);
}

static scenario_function find(const char *name) {
  const scenario *const tables[] = {main_scenarios,     buffer_scenarios,   dtype_scenarios,
                                    error_scenarios,    event_scenarios,    donation_scenarios,
                                    device_scenarios,   lifetime_scenarios, object_scenarios,
                                    transfer_scenarios, kv_store_scenarios};
  for (size_t t = 0; t < COUNT(tables); ++t) {
    for (const scenario *row = tables[t]; row->name != NULL; ++row) {
      size_t size = strlen(row->name);
      bool prefix = size > 0 && row->name[size - 1] == '*';
      if (prefix ? strncmp(row->name, name, size - 1) == 0 : strcmp(row->name, name) == 0) return row->run;
    }
  }
  return NULL;
}

static void run_to_its_end(scenario_function run) {
  begin_reply(state.line, run == NULL ? "unknown" : "ok");
  if (run != NULL && setjmp(state.end) == 0) run();
}

static void answer(const char *request) {
  if (strlen(request) >= sizeof state.line) exit(2);
  memcpy(state.line, request, strlen(request) + 1);
  state.num_fields = 0;
  for (char *at = state.line; (at = strchr(at, '\t')) != NULL;) {
    *at++ = '\0';
    if (state.num_fields == COUNT(state.fields)) exit(2);
    state.fields[state.num_fields++] = at;
  }
  run_to_its_end(find(state.line));
  printf("%s}\n", state.json);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s PLUGIN [REQUEST]...\n", argv[0]);
    return 2;
  }
  plugin_path = argv[1];
  for (int i = 2; i < argc; ++i) answer(argv[i]);
  static char line[sizeof state.line];
  while (argc == 2 && fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    answer(line);
  }
  return 0;
}
