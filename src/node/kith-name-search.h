/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is searched for, for the words of the answer. */
typedef enum
{
  KITH_NAMED_CONTACT,
  KITH_NAMED_REQUEST,
  KITH_NAMED_NEARBY,
  KITH_NAMED_GROUP,
  KITH_NAMED_MEMBER
} KithNamed;

/**
 * KithNameSearch: (skip)
 *
 * A search among people or groups for the one that somebody named: none, one, or several that the
 * answer lists. On the stack; begun with kith_name_search_init(), ended by one of the last two.
 */
typedef struct
{
  const char *who;        /* (unowned) */
  gpointer    found;      /* (unowned): the first */
  guint       n_found;
  GString    *candidates; /* (owned) */
} KithNameSearch;

/* @who: (unowned): the name, which stays until the search ends. */
void     kith_name_search_init  (KithNameSearch *self,
                                 const char     *who);
/* Whether they are the same but for capitals. NULL is like nothing. */
gboolean kith_name_search_is    (KithNameSearch *self,
                                 const char     *name);
void     kith_name_search_add   (KithNameSearch *self,
                                 gpointer        item,
                                 const char     *name,
                                 const char     *id);
/* Returns: (transfer none) (nullable): the only one; or #KITH_ERROR_NOT_FOUND, #KITH_ERROR_AMBIGUOUS */
gpointer kith_name_search_end   (KithNameSearch *self,
                                 KithNamed       kind,
                                 GError        **error);
void     kith_name_search_clear (KithNameSearch *self);

G_END_DECLS
