/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that programs give to kith-cli. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "cli/kith-cli-json.h"
#include "kith-fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *line = g_strndup (size > 0 ? (const char *) data : "", size);
  JsonObject *object = kith_cli_json_parse (line);

  if (object != NULL)
    {
      g_autofree char *again = kith_cli_json_to_line (object);

      kith_fuzz_check (strchr (again, '\n') == NULL);
      json_object_unref (object);
    }
  return 0;
}
