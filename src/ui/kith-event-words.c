/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-event-words.h"

#include <glib/gi18n.h>

#include "ui/kith-sentence.h"

/* What happened in a group. A sentence about the user is another sentence in most languages: each has
 * its own. */

/* NULL for ourselves. */
static const char *
name_of (KithContact *contact)
{
  return contact != NULL ? kith_contact_get_display_name (contact) : NULL;
}

static char *
dup_created (const char *who, const char *by, const char *text)
{
  if (by == NULL)
    /* Translators: the name of the group */
    return kith_sentence_make (_("You made the group “%s”"), text);

  /* Translators: who, name of the group */
  return kith_sentence_make (_("%s made the group “%s”"), by, text);
}

static char *
dup_joined (const char *who, const char *by, const char *text)
{
  return who == NULL ? g_strdup (_("You joined"))
                     /* Translators: the name of a person; the group */
                     : kith_sentence_make (_("%s joined"), who);
}

static char *
dup_left (const char *who, const char *by, const char *text)
{
  return who == NULL ? g_strdup (_("You left"))
                     /* Translators: the name of a person; the group */
                     : kith_sentence_make (_("%s left"), who);
}

static char *
dup_kicked (const char *who, const char *by, const char *text)
{
  if (who == NULL)
    /* Translators: the name of a person; from the group */
    return by != NULL ? kith_sentence_make (_("%s removed you"), by)
                      : g_strdup (_("The admin removed you"));
  if (by == NULL)
    /* Translators: the name of a person; from the group */
    return kith_sentence_make (_("You removed %s"), who);

  /* Translators: who removed, who was removed */
  return kith_sentence_make (_("%s removed %s"), by, who);
}

static char *
dup_admin (const char *who, const char *by, const char *text)
{
  return who == NULL ? g_strdup (_("You are admin now"))
                     /* Translators: the name of a person */
                     : kith_sentence_make (_("%s is admin now"), who);
}

static char *
dup_transfer (const char *who, const char *by, const char *text)
{
  if (who == NULL)
    /* Translators: the name of a person */
    return by != NULL ? kith_sentence_make (_("%s asked you to become admin"), by)
                      : g_strdup (_("The admin asked you to become admin"));
  if (by == NULL)
    /* Translators: the name of a person */
    return kith_sentence_make (_("You asked %s to become admin"), who);

  /* Translators: who asked, who was asked */
  return kith_sentence_make (_("%s asked %s to become admin"), by, who);
}

static char *
dup_renamed (const char *who, const char *by, const char *text)
{
  if (by == NULL)
    /* Translators: the new name of the group */
    return kith_sentence_make (_("You named the group “%s”"), text);

  /* Translators: who, the new name of the group */
  return kith_sentence_make (_("%s named the group “%s”"), by, text);
}

static char *
dup_topic (const char *who, const char *by, const char *text)
{
  if (*text == '\0')
    return by == NULL ? g_strdup (_("You took the topic away"))
                      /* Translators: the name of a person */
                      : kith_sentence_make (_("%s took the topic away"), by);
  if (by == NULL)
    /* Translators: the topic of a group */
    return kith_sentence_make (_("You set the topic: %s"), text);

  /* Translators: who, the topic */
  return kith_sentence_make (_("%s set the topic: %s"), by, text);
}

static char *
dup_picture (const char *who, const char *by, const char *text)
{
  /* Translators: the picture of a group */
  return by == NULL ? g_strdup (_("You changed the picture"))
                    /* Translators: the name of a person; of the group */
                    : kith_sentence_make (_("%s changed the picture"), by);
}

static char *
dup_picture_removed (const char *who, const char *by, const char *text)
{
  return by == NULL ? g_strdup (_("You removed the picture"))
                    /* Translators: the name of a person; of the group */
                    : kith_sentence_make (_("%s removed the picture"), by);
}

static char *
dup_policy (const char *who, const char *by, const char *text)
{
  return by == NULL ? g_strdup (_("You changed what newcomers get to read"))
                    /* Translators: the name of a person */
                    : kith_sentence_make (_("%s changed what newcomers get to read"), by);
}

static char *
dup_forked (const char *who, const char *by, const char *text)
{
  if (who == NULL)
    return g_strdup (_("Your own messages contradict each other: another device writes with your "
                       "identity"));

  /* Translators: the name of a person */
  return kith_sentence_make (_("The messages of %s contradict each other. Their device was restored from a "
                               "backup, or somebody else writes in their name."), who);
}

static char *
dup_frozen (const char *who, const char *by, const char *text)
{
  return g_strdup (_("The admin’s decisions contradict each other. Nobody joins or is removed until "
                     "somebody takes over."));
}

static char *
dup_split (const char *who, const char *by, const char *text)
{
  return g_strdup (_("The group has split"));
}

static char *
dup_rekeyed (const char *who, const char *by, const char *text)
{
  return who == NULL ? g_strdup (_("You write with a new key"))
                     /* Translators: the name of a person */
                     : kith_sentence_make (_("%s writes with a new key"), who);
}

static char *
dup_blocked (const char *who, const char *by, const char *text)
{
  return g_strdup (_("Message from somebody you blocked"));
}

static char *
dup_refused (const char *who, const char *by, const char *text)
{
  return g_strdup (_("The admin did not let you in"));
}

static const struct
{
  const char *event;
  char *(*dup) (const char *who, const char *by, const char *text);
} events[] = {
  { "created", dup_created },   { "joined", dup_joined },   { "left", dup_left },
  { "kicked", dup_kicked },     { "admin", dup_admin },     { "transfer", dup_transfer },
  { "renamed", dup_renamed },   { "topic", dup_topic },     { "policy", dup_policy },
  { "forked", dup_forked },     { "frozen", dup_frozen },   { "split", dup_split },
  { "picture", dup_picture },   { "picture-removed", dup_picture_removed },
  { "rekeyed", dup_rekeyed },   { "blocked", dup_blocked }, { "refused", dup_refused },
};

char *
kith_event_dup_words (KithMessage *message)
{
  const char *event = kith_message_get_event (message);
  const char *text = kith_message_get_event_text (message);

  if (text == NULL)
    text = "";
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (event, events[i].event) == 0)
      return events[i].dup (name_of (kith_message_get_event_who (message)),
                            name_of (kith_message_get_event_by (message)), text);

  return g_strdup (text);
}
