/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window with groups in every state, also those that real ones take weeks to get into: an admin who
 * is gone, a split, missing messages. The groups stand in the model alone; nothing that is done with them
 * reaches a network or a disk. For tests/ui/test_group_*.py, and to look at:
 *
 * usage: group-stage */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-init.h"
#include "node/kith-node-private.h"
#include "ui/kith-application.h"

#define MINUTE_MS (60 * 1000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define N_CROWD 198

static const guint8 own_identity[KITH_IDENTITY_BYTES] = { 250 };

typedef struct
{
  KithNode *node;
  KithWindow *window;
  KithContact *ann;
  KithContact *ben;
  KithContact *carol;
  guint next;
  guint n_groups;
  guint64 next_hlc;
  gint64 now_ms;
} Stage;

/* --- People --------------------------------------------------------------------------------- */

/* Returns: (transfer full): somebody whom we know from a group alone */
static KithContact *
make_person (Stage *stage, const char *name, KithPresence presence)
{
  guint8 identity[KITH_IDENTITY_BYTES] = { 0 };
  g_autofree char *id = NULL;
  KithContact *contact;

  stage->next++;
  identity[0] = (guint8) stage->next;
  identity[1] = 77;
  identity[2] = (guint8) (stage->next >> 8);
  id = g_strdup_printf ("kith-%s-%u-1234-5678", name, stage->next);
  contact = kith_contact_new (identity, id);
  kith_contact_set_name (contact, name);
  kith_contact_set_relation (contact, KITH_RELATION_MEMBER);
  kith_contact_set_presence (contact, presence);
  kith_contact_set_last_seen_ms (contact, stage->now_ms - 3 * 60 * MINUTE_MS);

  return contact;
}

static KithContact *
add_contact (Stage *stage, const char *name, KithPresence presence)
{
  KithContact *contact = make_person (stage, name, presence);

  kith_contact_set_relation (contact, KITH_RELATION_MUTUAL);
  g_list_store_append (stage->node->contacts, contact);

  return contact;
}

static KithMember *
add_member (Stage *stage, KithGroup *group, KithContact *contact)
{
  KithProfile *profile = kith_node_get_profile (stage->node);
  g_autoptr (KithMember) member = NULL;

  if (contact != NULL)
    member = kith_member_new (kith_contact_get_identity (contact), kith_contact_get_id (contact), contact,
                              NULL);
  else
    member = kith_member_new (own_identity, kith_profile_get_id (profile), NULL,
                              kith_profile_get_name (profile));
  kith_member_set_joined_ms (member, stage->now_ms - 30 * (gint64) DAY_MS);
  kith_group_put_member (group, member, TRUE);

  return member;
}

/* --- Groups --------------------------------------------------------------------------------- */

static KithGroup *
add_group (Stage *stage, const char *name, KithMembership state, KithConversation **conversation)
{
  guint8 id[KITH_GROUP_ID_BYTES] = { 0 };
  KithGroupRules rules = { 7, 30, 100 };
  KithGroup *group;

  id[0] = (guint8) ++stage->n_groups;
  id[1] = 99;
  group = kith_group_new (id);
  kith_group_set_name (group, name);
  kith_group_set_policy (group, &rules);
  kith_group_set_state (group, state);
  *conversation = kith_conversation_new_for_group (group);
  kith_conversation_set_last_activity_ms (*conversation, stage->now_ms - stage->n_groups * MINUTE_MS);
  g_list_store_append (stage->node->groups, group);
  g_list_store_append (stage->node->conversations, *conversation);

  return group;
}

static KithMessage *
make (Stage *stage, KithContact *sender, const char *text)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };
  KithMessage *message;

  stage->next_hlc++;
  memcpy (id, &stage->next_hlc, sizeof stage->next_hlc);
  message = kith_message_new (id, sender, stage->next_hlc, stage->now_ms - 40 * MINUTE_MS
                              + (gint64) stage->next_hlc * 5000, text);

  return message;
}

static void
say (Stage *stage, KithConversation *conversation, KithContact *sender, const char *text,
     gboolean mention)
{
  g_autoptr (KithMessage) message = make (stage, sender, text);

  kith_message_set_mention (message, mention);
  if (sender == NULL)
    kith_message_set_state (message, KITH_MESSAGE_DELIVERED, stage->now_ms);
  kith_conversation_add (conversation, message, FALSE);
}

static void
say_late (Stage *stage, KithConversation *conversation, KithContact *sender, const char *text)
{
  g_autoptr (KithMessage) message = make (stage, sender, text);

  kith_message_set_late (message, TRUE);
  kith_conversation_add (conversation, message, FALSE);
}

static void
happen (Stage *stage, KithConversation *conversation, const char *event, KithContact *who,
        KithContact *by, const char *text)
{
  g_autoptr (KithMessage) message = make (stage, NULL, "");

  kith_message_set_event (message, event, who, by, text);
  kith_conversation_add (conversation, message, FALSE);
}

/* One in which all is well, and we are the admin. */
static void
add_ace (Stage *stage)
{
  KithConversation *conversation;
  KithGroup *group = add_group (stage, "Ace", KITH_MEMBERSHIP_MEMBER, &conversation);
  guint8 identity[KITH_IDENTITY_BYTES] = { 200 };
  g_autoptr (KithJoinRequest) request = NULL;
  g_autoptr (KithJoinRequest) by_link = NULL;

  kith_group_set_admin (group, add_member (stage, group, NULL));
  add_member (stage, group, stage->ann);
  add_member (stage, group, stage->ben);
  add_member (stage, group, stage->carol);
  kith_group_set_topic (group, "Where we plan the summer");
  kith_group_sort_members (group);

  happen (stage, conversation, "created", NULL, NULL, "Ace");
  happen (stage, conversation, "joined", stage->ann, NULL, NULL);
  happen (stage, conversation, "joined", stage->ben, NULL, NULL);
  say (stage, conversation, stage->ann, "Hello everybody!", FALSE);
  say (stage, conversation, stage->ann, "Who is in for the lake on Saturday? We could take the train at nine, "
       "and be there before it gets hot.", FALSE);
  say (stage, conversation, stage->ben, "Me", FALSE);
  say_late (stage, conversation, stage->carol, "The lake is closed on Saturday");
  say (stage, conversation, stage->carol, "I can bring the boat 🚣", FALSE);
  say (stage, conversation, NULL, "So can I. @Ann, do you have the tickets?", FALSE);
  say (stage, conversation, stage->ann, "Yes. @Dora can you bring the tent?", TRUE);
  say (stage, conversation, stage->ben, "@Ann Lee said she has one as well", FALSE);
  happen (stage, conversation, "renamed", NULL, NULL, "Ace");

  request = kith_join_request_new (identity, "kith-emil-0001-0002", NULL, "Emil", "It is me, from the choir",
                                   stage->now_ms, stage->ann, FALSE);
  identity[0]++;
  by_link = kith_join_request_new (identity, "kith-fay-0001-0002", NULL, "Fay", "", stage->now_ms, NULL, TRUE);
  kith_group_add_request (group, request);
  kith_group_add_request (group, by_link);
  g_object_unref (group);
  g_object_unref (conversation);
}

/* Many people, another admin, messages that name us. */
static void
add_crowd (Stage *stage)
{
  KithConversation *conversation;
  KithGroup *group = add_group (stage, "Village Choir", KITH_MEMBERSHIP_MEMBER, &conversation);

  add_member (stage, group, NULL);
  kith_group_set_admin (group, add_member (stage, group, stage->ann));
  for (guint i = 0; i < N_CROWD; i++)
    {
      g_autofree char *name = g_strdup_printf ("Singer %03u", i + 1);
      g_autoptr (KithContact) contact
          = make_person (stage, name, i % 3 == 0 ? KITH_PRESENCE_ONLINE : KITH_PRESENCE_OFFLINE);

      add_member (stage, group, contact);
    }
  kith_group_sort_members (group);
  kith_group_set_unread_mentions (group, 1);
  say (stage, conversation, stage->ann, "Rehearsal is at seven, @Dora", TRUE);
  g_object_unref (group);
  g_object_unref (conversation);
}

static KithGroup *
add_small (Stage *stage, const char *name, KithMembership state)
{
  KithConversation *conversation;
  KithGroup *group = add_group (stage, name, state, &conversation);

  add_member (stage, group, NULL);
  kith_group_set_admin (group, add_member (stage, group, stage->ann));
  add_member (stage, group, stage->ben);
  add_member (stage, group, stage->carol);
  happen (stage, conversation, "joined", NULL, stage->ann, NULL);
  say (stage, conversation, stage->ben, "Welcome, Dora", FALSE);
  g_object_unref (conversation);

  return group;
}

/* Names that somebody thought were a good idea. */
static void
add_long (Stage *stage)
{
  KithConversation *conversation;
  KithGroup *group = add_group (
      stage, "Friends of the Old Windmill behind the Railway Station and of Those Who Live in It",
      KITH_MEMBERSHIP_MEMBER, &conversation);
  g_autoptr (KithContact) long_name = make_person (
      stage, "Maximiliane-Alexandra von und zu Hohenfels-Schwarzenberg", KITH_PRESENCE_ONLINE);
  g_autoptr (KithContact) one_word = make_person (
      stage, "Donaudampfschifffahrtsgesellschaftskapitänswitwe", KITH_PRESENCE_OFFLINE);

  add_member (stage, group, NULL);
  kith_group_set_admin (group, add_member (stage, group, long_name));
  add_member (stage, group, one_word);
  kith_group_sort_members (group);
  kith_group_set_topic (group, "Whatever has to be said about the windmill, its sails, its millstones and the "
                               "people who come to see them on Sundays");
  kith_group_set_missing (group, one_word, 2, long_name);
  say (stage, conversation, long_name, "Good morning", FALSE);
  say (stage, conversation, one_word, "The sails were mended yesterday", FALSE);
  g_object_unref (group);
  g_object_unref (conversation);
}

static void
add_states (Stage *stage)
{
  KithGroup *group;

  group = add_small (stage, "Invited", KITH_MEMBERSHIP_INVITED);
  kith_group_set_inviter (group, stage->ann);
  kith_group_set_topic (group, "All about bees, and what they are up to");
  add_small (stage, "Asking", KITH_MEMBERSHIP_ASKING);
  add_small (stage, "Left", KITH_MEMBERSHIP_LEFT);
  add_small (stage, "Kicked", KITH_MEMBERSHIP_KICKED);
  add_small (stage, "Refused", KITH_MEMBERSHIP_REFUSED);
  add_small (stage, "Split", KITH_MEMBERSHIP_SPLIT);
  add_small (stage, "Frozen", KITH_MEMBERSHIP_FROZEN);

  group = add_small (stage, "Offered", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_transfer_to (group, kith_group_find_member (group, own_identity));
  group = add_small (stage, "Vanished", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_can_endorse (group, TRUE);
  group = add_small (stage, "Proposed", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_can_endorse (group, TRUE);
  kith_member_set_endorsed (kith_group_find_member (group, kith_contact_get_identity (stage->ben)), TRUE);
  group = add_small (stage, "Claim", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_can_claim (group, TRUE);
  group = add_small (stage, "Missing", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_missing (group, stage->ann, 2, stage->carol);
  group = add_small (stage, "Restored", KITH_MEMBERSHIP_MEMBER);
  kith_group_set_needs_key (group, TRUE);
}

/* --- The window ----------------------------------------------------------------------------- */

static void
profile_cb (KithNode *node, GParamSpec *pspec, Stage *stage)
{
  if (kith_node_get_profile (node) == NULL || stage->ann != NULL)
    return;

  stage->ann = add_contact (stage, "Ann", KITH_PRESENCE_ONLINE);
  stage->ben = add_contact (stage, "Ben", KITH_PRESENCE_OFFLINE);
  stage->carol = add_contact (stage, "Carol", KITH_PRESENCE_ONLINE);
  kith_contact_set_verified (stage->carol, KITH_VERIFIED_NUMBER, stage->now_ms);
  add_ace (stage);
  add_crowd (stage);
  add_states (stage);
  add_long (stage);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stage *stage = user_data;

  if (kith_node_open_finish (KITH_NODE (source), result, NULL))
    kith_window_create_profile (stage->window, "Dora");
}

static void
activate_cb (GApplication *application, Stage *stage)
{
  stage->now_ms = g_get_real_time () / 1000;
  stage->node = kith_node_new_in_memory ();
  stage->window = kith_application_add_window (KITH_APPLICATION (application));
  kith_window_set_demo (stage->window);
  kith_window_set_node (stage->window, stage->node);
  kith_window_set_listen (stage->window, "127.0.0.1", 0);
  g_signal_connect (stage->node, "notify::profile", G_CALLBACK (profile_cb), stage);
  gtk_window_present (GTK_WINDOW (stage->window));
  kith_node_open_async (stage->node, NULL, opened_cb, stage);
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application = NULL;
  Stage stage = { 0 };
  char *arguments[] = { argv[0], (char *) "--ephemeral", (char *) "--new-instance", NULL };
  const char *folder = g_getenv ("KITH_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : KITH_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!kith_init ())
    return EXIT_FAILURE;

  application = ADW_APPLICATION (kith_application_new ());
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &stage);

  return g_application_run (G_APPLICATION (application), 3, arguments);
}
