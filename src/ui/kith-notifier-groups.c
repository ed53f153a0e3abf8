/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who invites to groups, and who asks to be let in. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notifier-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-groups.h"
#include "node/kith-settings.h"
#include "ui/kith-format.h"

static char *
dup_group_notification_id (KithNotifier *self, const char *what, KithGroup *group)
{
  g_autofree char *of_group = g_strdup_printf ("%s-%s", what, kith_group_get_id (group));

  return kith_notifier_dup_id (self, of_group);
}

static void
invited_cb (KithNotifier *self, KithGroup *group)
{
  KithContact *inviter = kith_group_get_inviter (group);
  g_autofree char *id = dup_group_notification_id (self, "invited", group);

  if (kith_group_get_state (group) != KITH_MEMBERSHIP_INVITED || inviter == NULL || kith_notifier_is_attended (self)
      || !kith_notifier_is_set (self, KITH_SETTING_NOTIFY))
    return;

  kith_notifier_show (self, id, kith_contact_get_display_name (inviter), _("Invites you to a group"),
        kith_group_get_id (group), "");
}

static void
invitation_answered_cb (KithNotifier *self, KithGroup *group)
{
  g_autofree char *id = dup_group_notification_id (self, "invited", group);

  if (kith_group_get_state (group) != KITH_MEMBERSHIP_INVITED)
    kith_notifier_withdraw (self, id);
}

static void
group_removed_cb (KithNotifier *self, KithGroup *group)
{
  g_autofree char *invited = dup_group_notification_id (self, "invited", group);
  g_autofree char *joining = dup_group_notification_id (self, "joining", group);

  kith_notifier_withdraw (self, invited);
  kith_notifier_withdraw (self, joining);
}

/* One for all of them, and none of a stranger's words in it. */
static void
asks_to_join_cb (KithNotifier *self, KithGroup *group)
{
  KithConversation *conversation = kith_node_get_group_conversation (self->node, group);
  g_autofree char *id = dup_group_notification_id (self, "joining", group);

  if (!kith_notifier_is_attended (self) && kith_notifier_is_set (self, KITH_SETTING_NOTIFY)
      && (conversation == NULL || !kith_conversation_is_muted (conversation, kith_format_now_ms ())))
    kith_notifier_show (self, id, kith_group_get_name (group), _("Somebody asks to join. Open Kith to decide."),
          kith_group_get_id (group), "");
}

static void
join_requests_changed_cb (KithNotifier *self, KithGroup *group)
{
  g_autofree char *id = dup_group_notification_id (self, "joining", group);

  if (g_list_model_get_n_items (kith_group_get_requests (group)) == 0)
    kith_notifier_withdraw (self, id);
}

void
kith_notifier_follow_groups (KithNotifier *self)
{
  g_signal_connect_object (self->node, "group-changed::added", G_CALLBACK (invited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::state", G_CALLBACK (invitation_answered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::removed", G_CALLBACK (group_removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::requests", G_CALLBACK (join_requests_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-request", G_CALLBACK (asks_to_join_cb), self,
                           G_CONNECT_SWAPPED);
}
