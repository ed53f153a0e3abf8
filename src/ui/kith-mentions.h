/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>

#include "model/kith-group.h"

G_BEGIN_DECLS

/* "@name" in what is written in a group: where a member is called by the name. */

typedef struct
{
  guint       start;  /* the byte of the @ */
  guint       end;    /* the byte after the name */
  KithMember *member; /* (unowned) the group holds it */
} KithMention;

GArray *kith_mentions_find       (KithGroup     *group,
                                  const char    *text);
void    kith_mentions_attributes (KithGroup     *group,
                                  const char    *text,
                                  PangoAttrList *attributes);

G_END_DECLS
