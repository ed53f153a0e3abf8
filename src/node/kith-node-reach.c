/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can reach us: the setting, the passphrase, and whom that shuts out. Protocol 3.2, 3.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/kith-error.h"
#include "node/kith-node-history.h"
#include "node/kith-reach-private.h"
#include "node/kith-settings.h"
#include "proto/kith-join-passphrase.h"

#define NAMES_SHOWN 5

/**
 * kith_node_apply_reach: (skip)
 * @self: a node with a profile
 *
 * Puts in force what is stored. A stored passphrase that makes no sense, as in a backup from
 * somewhere, lets nobody in.
 */
void
kith_node_apply_reach (KithNode *self)
{
  const char *text = kith_node_get_join_passphrase (self);
  g_autoptr (KithSecret) passphrase = NULL;

  if (text != NULL)
    passphrase = kith_join_passphrase_new (text, NULL);
  kith_local_set_reach (self->local, kith_node_get_reach (self), passphrase);
}

KithReach
kith_node_get_reach (KithNode *self)
{
  const char *name = kith_node_get_setting (self, KITH_SETTING_REACH);
  KithReach reach;

  if (name == NULL)
    return KITH_REACH_EVERYONE;

  /* What cannot be understood is no reason to let everyone in. */
  return kith_reach_from_name (&reach, name) ? reach : KITH_REACH_CONTACTS;
}

static gboolean
has_profile (KithNode *self, GError **error)
{
  if (self->local != NULL)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  return FALSE;
}

gboolean
kith_node_set_reach (KithNode *self, KithReach reach, GError **error)
{
  if (!has_profile (self, error))
    return FALSE;

  if (reach == KITH_REACH_PASSPHRASE && kith_node_get_join_passphrase (self) == NULL
      && !kith_node_set_join_passphrase (self, NULL, error))
    return FALSE;

  kith_node_set_setting (self, KITH_SETTING_REACH,
                         reach != KITH_REACH_EVERYONE ? kith_reach_get_name (reach) : NULL);
  kith_node_apply_reach (self);
  return TRUE;
}

const char *
kith_node_get_join_passphrase (KithNode *self)
{
  return kith_node_get_setting (self, KITH_SETTING_JOIN_PASSPHRASE);
}

gboolean
kith_node_set_join_passphrase (KithNode *self, const char *text, GError **error)
{
  g_autoptr (KithSecret) passphrase = NULL;
  char *copy;

  if (!has_profile (self, error))
    return FALSE;

  copy = text != NULL ? g_strstrip (g_strdup (text)) : kith_join_passphrase_generate (self->env);
  passphrase = kith_join_passphrase_new (copy, error);
  if (passphrase != NULL)
    {
      kith_node_set_setting (self, KITH_SETTING_JOIN_PASSPHRASE, copy);
      kith_node_apply_reach (self);
    }

  kith_secret_free_text (copy);
  return passphrase != NULL;
}

/* --- Who is shut out ------------------------------------------------------------------------ */

/* Contacts who cannot knock, because there is no root: it was never agreed on, or lost. */
static GPtrArray *
find_shut_out (KithNode *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (kith_peer_is_mutual (peer) && kith_peer_is_dialable (peer) && peer->row->pair_root == NULL)
        g_ptr_array_add (names, g_strdup (kith_contact_get_display_name (peer->contact)));
    }

  return names;
}

static char *
join_names (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len && i < NAMES_SHOWN; i++)
    /* Translators: between the things of a list: "Ann, Ben, Carol" */
    g_string_append_printf (text, "%s%s", i > 0 ? _(", ") : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len > NAMES_SHOWN)
    g_string_append (text, " …");

  return g_string_free (text, FALSE);
}

static void
add_sentence (GString *text, char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

char *
kith_node_dup_reach_note (KithNode *self)
{
  g_autoptr (GPtrArray) names = find_shut_out (self);
  g_autofree char *list = join_names (names);
  guint n_asking = g_hash_table_size (self->asking);
  GString *text;

  if (kith_node_get_reach (self) == KITH_REACH_EVERYONE || names->len + n_asking == 0)
    return NULL;

  text = g_string_new (NULL);
  if (names->len > 0)
    /* Translators: the %s is a list of names. */
    add_sentence (text, g_strdup_printf (_("You share no key yet with %s: only you can reach them, "
                                           "not they you."), list));
  if (n_asking > 0)
    add_sentence (text, g_strdup_printf (
                          g_dngettext (GETTEXT_PACKAGE,
                                       /* Translators: how many people have asked to be a contact; a part of a longer note */
                                       "%u request waits: who has asked cannot come back by themselves.",
                                       "%u requests wait: who has asked cannot come back by themselves.",
                                       n_asking),
                          n_asking));
  return g_string_free (text, FALSE);
}
