/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KithCliKind:
 * @KITH_CLI_WORD: one word, or several in double quotes
 * @KITH_CLI_NUMBER: a whole number, not negative
 * @KITH_CLI_NAME: the rest of the line; double quotes around it do not belong to it
 * @KITH_CLI_TEXT: the rest of the line as it was typed
 * @KITH_CLI_ID: the id of another command, which only programs give to theirs
 *
 * How an argument is read from a line. In JSON all but the number and the id, which may be one, are strings.
 */
typedef enum
{
  KITH_CLI_WORD,
  KITH_CLI_NUMBER,
  KITH_CLI_NAME,
  KITH_CLI_TEXT,
  KITH_CLI_ID,
} KithCliKind;

typedef struct
{
  const char *name; /* NULL: the end of the list */
  KithCliKind kind;
  gboolean    optional;
} KithCliArgument;

#define KITH_CLI_ARGUMENTS_MAX 4

gboolean kith_cli_arguments_read_line (const KithCliArgument *list,
                                       const char            *line,
                                       JsonObject            *out);
gboolean kith_cli_arguments_read_argv (const KithCliArgument *list,
                                       char                 **argv,
                                       JsonObject            *out);
char    *kith_cli_arguments_check     (const KithCliArgument *list,
                                       JsonObject            *arguments);
char    *kith_cli_arguments_usage     (const KithCliArgument *list);

G_END_DECLS
