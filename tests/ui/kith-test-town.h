/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-scene.h"
#include "ui/kith-application.h"

G_BEGIN_DECLS

/* Somebody's friends, groups and talk, which stand in the model alone: to look at the window, and to measure it. */

typedef struct
{
  Scene scene;
  KithContact *amara;       /* (owned) */
  KithConversation *talk;   /* (owned) with Amara */
  KithConversation *group;  /* (owned) of a few friends, whose admin is somebody else */
  KithConversation *invitation; /* (owned) (nullable) to a group */
  KithRequest *request;     /* (owned) (nullable) */
  GPtrArray *words;         /* (owned) (element-type utf8) all that people wrote or are called */
  gint64 now_ms;
} Town;

void town_init (Town *town);
void town_clear (Town *town);
/* Names and texts longer than any window, words without a blank, other scripts, a picture that is lost; an
 * invitation and a request. Opens nothing. */
void town_add_long (Town *town);
/* So many more people, and so many more messages with Amara. */
void town_add_crowd (Town *town, guint n_people, guint n_messages);
/* Returns: whether that is, or has in it, what somebody wrote: what may be cut */
gboolean town_has_words (Town *town, const char *text);
/* Returns: (transfer none): a window with the conversations, to be presented */
KithWindow *town_make_window (Town *town, KithApplication *application);

G_END_DECLS
