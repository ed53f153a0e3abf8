/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others have decided about what the user asked for. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notifier-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-groups.h"
#include "node/kith-settings.h"

#define ANSWER "answer-"

/* @of: the ID of the contact or of the group that is opened */
static void
show_answer (KithNotifier *self, const char *of, const char *title, const char *words)
{
  g_autofree char *what = g_strconcat (ANSWER, of, NULL);
  g_autofree char *id = kith_notifier_dup_id (self, what);

  if (kith_notifier_is_attended (self) || !kith_notifier_is_set (self, KITH_SETTING_NOTIFY))
    return;

  kith_notifier_show (self, id, title, words, of, "");
  g_hash_table_add (self->answers, g_strdup (id));
}

static void
withdraw_answer (KithNotifier *self, const char *of)
{
  g_autofree char *what = g_strconcat (ANSWER, of, NULL);
  g_autofree char *id = kith_notifier_dup_id (self, what);

  kith_notifier_withdraw (self, id);
  g_hash_table_remove (self->answers, id);
}

static void
accepted_us_cb (KithNotifier *self, KithContact *contact)
{
  show_answer (self, kith_contact_get_id (contact), kith_contact_get_display_name (contact),
               /* Translators: a notification; the name of whoever did it stands above */
               _("Accepted your request"));
}

static void
declined_us_cb (KithNotifier *self, KithContact *contact)
{
  show_answer (self, kith_contact_get_id (contact), kith_contact_get_display_name (contact),
               _("Declined your request"));
}

static void
contact_removed_cb (KithNotifier *self, KithContact *contact)
{
  withdraw_answer (self, kith_contact_get_id (contact));
}

/* A membership is told of only to whoever has waited for it, which its state alone does not say. */
static void
membership_changed_cb (KithNotifier *self, KithGroup *group)
{
  const char *gid = kith_group_get_id (group);
  KithMembership state = kith_group_get_state (group);

  if (state == KITH_MEMBERSHIP_ASKING)
    {
      g_hash_table_add (self->asking, g_strdup (gid));
      return;
    }
  if (!g_hash_table_remove (self->asking, gid))
    return;

  if (state == KITH_MEMBERSHIP_MEMBER)
    /* Translators: a notification; the name of the group stands above */
    show_answer (self, gid, kith_group_get_name (group), _("You are a member now"));
  else if (state == KITH_MEMBERSHIP_REFUSED)
    show_answer (self, gid, kith_group_get_name (group), _("The admin did not let you in"));
}

static void
membership_removed_cb (KithNotifier *self, KithGroup *group)
{
  g_hash_table_remove (self->asking, kith_group_get_id (group));
  withdraw_answer (self, kith_group_get_id (group));
}

/* The list says it, which is in view then. */
void
kith_notifier_forget_answers (KithNotifier *self)
{
  GHashTableIter iter;
  gpointer id;

  if (self->node == NULL || !kith_notifier_is_attended (self))
    return;

  g_hash_table_iter_init (&iter, self->answers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      kith_notifier_withdraw (self, id);
      g_hash_table_iter_remove (&iter);
    }
}

void
kith_notifier_follow_answers (KithNotifier *self)
{
  GListModel *groups = kith_node_get_groups (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);

      if (kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
        g_hash_table_add (self->asking, g_strdup (kith_group_get_id (group)));
    }

  g_signal_connect_object (self->node, "contact-changed::accepted", G_CALLBACK (accepted_us_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "contact-changed::declined", G_CALLBACK (declined_us_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "contact-changed::removed", G_CALLBACK (contact_removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::added", G_CALLBACK (membership_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::state", G_CALLBACK (membership_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::removed", G_CALLBACK (membership_removed_cb), self,
                           G_CONNECT_SWAPPED);
}
