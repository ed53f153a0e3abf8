/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithLineKind:
 * @KITH_LINE_EMPTY: nothing to do
 * @KITH_LINE_TEXT: a message for the conversation that is open
 * @KITH_LINE_COMMAND: `/word arguments`
 * @KITH_LINE_MENTION: `@name text`: a private message
 *
 * What a line that somebody typed means (the same in the terminal and in the window).
 */
typedef enum
{
  KITH_LINE_EMPTY,
  KITH_LINE_TEXT,
  KITH_LINE_COMMAND,
  KITH_LINE_MENTION,
} KithLineKind;

typedef struct
{
  KithLineKind kind;
  char        *word; /* the command without its slash, or the name without its @ */
  char        *rest; /* what follows, or the text */
} KithLine;

void  kith_line_parse (KithLine    *self,
                       const char  *text);
void  kith_line_clear (KithLine    *self);
char *kith_line_take_word (const char **rest);
char *kith_line_quote_word (const char *word);
char *kith_line_complete_command (const char  *word,
                                  const char **rest);
gboolean kith_line_parse_history (const char *word,
                                  guint32    *days);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithLine, kith_line_clear)

G_END_DECLS
