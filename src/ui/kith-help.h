/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the user guide says: pages of parts, one below the other. The words of a part are marked for
 * translation where they stand, and whoever shows them asks gettext for those of the user's language. */

typedef enum
{
  KITH_HELP_HEADING,
  KITH_HELP_TEXT,
  KITH_HELP_POINT, /* one of a list */
  KITH_HELP_STEP,  /* the steps between two other parts are counted from 1 */
  KITH_HELP_DO,    /* a button: words, and an action of the window as target */
  KITH_HELP_SEE,   /* a link to the page with the id in target, whose title it shows */
} KithHelpKind;

typedef struct
{
  KithHelpKind kind;
  const char *words;  /* (nullable) in English */
  const char *target; /* (nullable) */
} KithHelpPart;

typedef struct
{
  const char *id;
  const char *title; /* in English */
  const char *icon_name;
  const KithHelpPart *parts;
  gsize n_parts;
} KithHelpPage;

const KithHelpPage *kith_help_get_pages  (gsize              *n_pages);
const KithHelpPage *kith_help_find_page  (const char         *id);
guint               kith_help_get_step   (const KithHelpPage *page,
                                          gsize               number);

G_END_DECLS
