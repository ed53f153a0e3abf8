/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-invite-words.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-sentence.h"

/* Whoever used it: a contact or somebody who asks by name, a stranger by ID. */
static char *
dup_user (KithInvitation *invitation, KithNode *node)
{
  const char *id = kith_invitation_get_used_by (invitation);
  KithContact *contact;
  KithRequest *request;

  if (id == NULL)
    return NULL;

  contact = kith_node_find_contact (node, id, NULL);
  if (contact != NULL)
    return g_strdup (kith_contact_get_display_name (contact));
  request = kith_node_find_request (node, id, NULL);
  if (request != NULL && *kith_request_get_name (request) != '\0')
    return g_strdup (kith_request_get_name (request));

  return kith_format_short_id (id);
}

/**
 * kith_invite_words_dup_title:
 * @invitation: an invite
 *
 * Returns: (transfer full): for whom it is, or when it was made
 */
char *
kith_invite_words_dup_title (KithInvitation *invitation)
{
  const char *note = kith_invitation_get_note (invitation);
  g_autofree char *time = NULL;

  if (*note != '\0')
    return kith_format_one_line (note);

  time = kith_format_until (kith_invitation_get_created_ms (invitation), kith_format_now_ms ());

  /* Translators: a day and a time, or only a time */
  return g_strdup_printf (_("Made %s"), time);
}

/**
 * kith_invite_words_dup_state:
 * @invitation: an invite
 * @node: who made it
 *
 * Returns: (transfer full): what came of it
 */
char *
kith_invite_words_dup_state (KithInvitation *invitation, KithNode *node)
{
  g_autofree char *user = NULL;
  g_autofree char *time = NULL;

  switch (kith_invitation_get_state (invitation))
    {
    case KITH_INVITATION_LIVE:
      time = kith_format_until (kith_invitation_get_expires_ms (invitation), kith_format_now_ms ());
      /* Translators: a day and a time, or only a time */
      return g_strdup_printf (_("Not used yet, valid until %s"), time);
    case KITH_INVITATION_USED:
      user = dup_user (invitation, node);
      /* Translators: somebody's name */
      return user != NULL ? kith_sentence_make (_("Used by %s"), user)
                          /* Translators: said of an invitation */
                          : g_strdup (_("Used"));
    case KITH_INVITATION_EXPIRED:
      return g_strdup (_("Expired, nobody has used it"));
    case KITH_INVITATION_REVOKED:
      return g_strdup (_("Taken back, nobody can use it"));
    }

  g_return_val_if_reached (NULL);
}
