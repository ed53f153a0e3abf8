/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-town.h"

#include <string.h>

#include "model/kith-transfer.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-private.h"
#include "ui/kith-window-private.h"

#define MINUTE_MS (60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * (gint64) HOUR_MS)
#define SHORT 4 /* characters: what is no shorter tells that it was cut from something */

static const guint8 own_identity[KITH_IDENTITY_BYTES] = { 250 };

static const char *
note (Town *town, const char *words)
{
  g_ptr_array_add (town->words, g_strdup (words));

  return words;
}

/* --- People --------------------------------------------------------------------------------- */

static KithContact *
add_person (Town *town, const char *name, KithPresence presence)
{
  KithContact *contact = scene_make_person (&town->scene, note (town, name));

  kith_contact_set_presence (contact, presence);
  kith_contact_set_last_seen_ms (contact, town->now_ms - 3 * HOUR_MS);
  g_list_store_append (town->scene.node->contacts, contact);
  g_object_unref (contact); /* the list holds it */

  return contact;
}

static KithConversation *
add_talk (Town *town, KithContact *contact)
{
  KithConversation *conversation = kith_conversation_new (contact);

  g_list_store_append (town->scene.node->conversations, conversation);
  g_object_unref (conversation);

  return conversation;
}

/* @ago_ms: before now; @sender: (nullable): NULL for ourselves. Returns: (transfer none) */
static KithMessage *
put (Town *town, KithConversation *conversation, KithContact *sender, gint64 ago_ms, const char *text, gboolean unread)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };
  gint64 time_ms = town->now_ms - ago_ms;
  g_autoptr (KithMessage) message = NULL;

  town->scene.next++;
  memcpy (id, &town->scene.next, sizeof town->scene.next);
  message = kith_message_new (id, sender, (guint64) time_ms << 16 | (town->scene.next & 0xffff), time_ms,
                              note (town, text));
  if (sender == NULL)
    kith_message_set_state (message, KITH_MESSAGE_READ, time_ms);
  kith_conversation_add (conversation, message, unread);

  return message; /* the conversation holds it */
}

static KithMessage *
say (Town *town, KithConversation *conversation, KithContact *sender, gint64 ago_ms, const char *text)
{
  return put (town, conversation, sender, ago_ms, text, FALSE);
}

static void
add_short_talk (Town *town, const char *name, KithPresence presence, gboolean is_ours, gint64 ago_ms, const char *text)
{
  KithContact *contact = add_person (town, name, presence);

  say (town, add_talk (town, contact), is_ours ? NULL : contact, ago_ms, text);
}

/* --- Groups --------------------------------------------------------------------------------- */

static KithConversation *
add_group (Town *town, const char *name, KithMembership state, KithContact *const *members, guint n)
{
  static const KithGroupRules rules = { 7, 30, 100 };
  KithProfile *profile = kith_node_get_profile (town->scene.node);
  guint8 id[KITH_GROUP_ID_BYTES] = { (guint8) ++town->scene.next, 99 };
  g_autoptr (KithGroup) group = kith_group_new (id);
  g_autoptr (KithMember) self = kith_member_new (own_identity, kith_profile_get_id (profile), NULL,
                                                 kith_profile_get_name (profile));
  KithConversation *conversation;

  kith_group_set_name (group, note (town, name));
  kith_group_set_policy (group, &rules);
  kith_group_set_state (group, state);
  kith_group_put_member (group, self, TRUE);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithMember) member = kith_member_new (kith_contact_get_identity (members[i]),
                                                       kith_contact_get_id (members[i]), members[i], NULL);

      kith_member_set_joined_ms (member, town->now_ms - 30 * DAY_MS);
      kith_group_put_member (group, member, TRUE);
      if (i == 0)
        kith_group_set_admin (group, member);
    }
  kith_group_sort_members (group);

  conversation = kith_conversation_new_for_group (group);
  g_list_store_append (town->scene.node->groups, group);
  g_list_store_append (town->scene.node->conversations, conversation);
  g_object_unref (conversation);

  return conversation;
}

/* --- What is believable --------------------------------------------------------------------- */

static void
talk_with_amara (Town *town)
{
  KithContact *amara = town->amara;
  KithMessage *asked, *last;

  say (town, town->talk, amara, 15 * HOUR_MS, "The tickets are booked: Saturday, 8:14 from platform 3 🚆");
  say (town, town->talk, NULL, 15 * HOUR_MS - 2 * MINUTE_MS, "Wonderful! I’ll bring the map and the tea.");
  asked = say (town, town->talk, amara, 41 * MINUTE_MS,
               "The weather looks good up at the lake. Shall we take the long way around?");
  say (town, town->talk, NULL, 38 * MINUTE_MS, "Yes, if we are at the hut before dark.");
  say (town, town->talk, amara, 36 * MINUTE_MS, "We will be. It is four hours, and I know a place for lunch.");
  last = say (town, town->talk, NULL, 33 * MINUTE_MS, "Then the long way it is 🙂");
  kith_message_set_reply_to (last, kith_message_get_id_bytes (asked));
  kith_message_set_quote (last, KITH_QUOTE_FOUND, amara, kith_message_get_text (asked));
  kith_message_set_reaction (last, amara, "❤️");
  say (town, town->talk, amara, 21 * MINUTE_MS, "And don’t forget your swimsuit!");
  say (town, town->talk, NULL, 20 * MINUTE_MS, "Already packed. See you on Saturday!");
}

static void
talk_in_group (Town *town, KithContact *const *friends)
{
  KithMessage *message;

  kith_group_set_topic (kith_conversation_get_group (town->group), "Where we plan the summer");
  say (town, town->group, friends[0], 5 * HOUR_MS, "Who is in for the lake on Saturday?");
  say (town, town->group, friends[1], 5 * HOUR_MS - MINUTE_MS, "Me! I can bring the boat 🚣");
  message = say (town, town->group, NULL, 4 * HOUR_MS, "Amara and I come by train, and on foot from the hut.");
  kith_message_set_reaction (message, friends[0], "👍");
  kith_message_set_reaction (message, friends[1], "👍");
  say (town, town->group, friends[2], 2 * HOUR_MS, "I’ll be late, but I bring the cake.");
}

void
town_init (Town *town)
{
  KithContact *friends[4];

  *town = (Town){ .words = g_ptr_array_new_with_free_func (g_free), .now_ms = g_get_real_time () / 1000 };
  scene_init (&town->scene);
  kith_profile_set_name (kith_node_get_profile (town->scene.node), note (town, "Nora"));

  town->amara = g_object_ref (add_person (town, "Amara Okafor", KITH_PRESENCE_ONLINE));
  kith_contact_set_verified (town->amara, KITH_VERIFIED_NUMBER, town->now_ms);
  town->talk = g_object_ref (add_talk (town, town->amara));
  talk_with_amara (town);

  friends[0] = add_person (town, "Kofi Mensah", KITH_PRESENCE_ONLINE);
  friends[1] = add_person (town, "Ben Carter", KITH_PRESENCE_OFFLINE);
  friends[2] = add_person (town, "Chloé Martin", KITH_PRESENCE_ONLINE);
  friends[3] = town->amara;
  town->group = g_object_ref (add_group (town, "Lake Weekend", KITH_MEMBERSHIP_MEMBER, friends,
                                         G_N_ELEMENTS (friends)));
  talk_in_group (town, friends);
  say (town, add_talk (town, friends[1]), NULL, 3 * HOUR_MS, "The report is on its way to you.");
  put (town, add_talk (town, friends[2]), friends[2], 4 * HOUR_MS, "Merci, à demain !", TRUE);

  add_short_talk (town, "Grandma", KITH_PRESENCE_OFFLINE, FALSE, 26 * HOUR_MS, "Thank you for the photos, dear");
  add_short_talk (town, "小林 さくら", KITH_PRESENCE_ONLINE, FALSE, 27 * HOUR_MS, "了解です。また明日！");
  add_short_talk (town, "Dmitri Volkov", KITH_PRESENCE_OFFLINE, TRUE, 3 * DAY_MS, "Happy birthday! 🎂");
}

/* --- What is not ---------------------------------------------------------------------------- */

#define LONG_NAME "Maximiliane-Alexandra von und zu Hohenfels-Schwarzenberg"
#define LONG_WORD "Donaudampfschifffahrtsgesellschaftskapitänswitwe"
#define LONG_LINK "https://example.org/a/very/long/path/without/any/blank/in/it/that/does/not/fit/into/a/line.html"
#define LONG_TEXT                                                                                   \
  "This is what somebody wrote who had a lot to say and did not stop for a long time: " LONG_WORD   \
  ", " LONG_LINK ", and then some more of it, until nobody could remember how it had begun."

static void
talk_at_length (Town *town, KithConversation *conversation, KithContact *sender)
{
  KithMessage *message;

  say (town, conversation, sender, 19 * MINUTE_MS, LONG_TEXT);
  say (town, conversation, NULL, 18 * MINUTE_MS, LONG_LINK);
  say (town, conversation, sender, 17 * MINUTE_MS, "我们在北京见面，然后一起坐火车去看长城，晚上再回来吃烤鸭。");
  say (town, conversation, sender, 16 * MINUTE_MS, "نلتقي غدا في المحطة، ثم نسافر معا إلى البحيرة الكبيرة.");
  message = say (town, conversation, NULL, 15 * MINUTE_MS, "This was answered by nobody");
  kith_message_set_reply_to (message, kith_message_get_id_bytes (message));
  kith_message_set_quote (message, KITH_QUOTE_FOUND, sender, LONG_TEXT);
  kith_message_set_text (message, LONG_WORD LONG_WORD, town->now_ms);
  message = say (town, conversation, NULL, 14 * MINUTE_MS, "This did not get there");
  kith_message_set_failed (message, "not_contact", "They do not take your messages any more.", town->now_ms);
}

/* A picture that is not there anymore. */
static void
send_lost_picture (Town *town, KithConversation *conversation, KithContact *sender)
{
  static const guint8 id[KITH_MESSAGE_ID_BYTES] = { 252 };
  const KithMedia media = { .type = (char *) "image/png", .width = 640, .height = 480 };
  const char *name = "The old windmill behind the railway station, seen from the lake on a Saturday.png";
  g_autoptr (KithTransfer) transfer = kith_transfer_new (id, conversation, FALSE, note (town, name), 280000, &media);

  kith_transfer_set_state (transfer, KITH_TRANSFER_DONE);
  kith_transfer_set_path (transfer, "/nowhere/windmill.png");
  kith_message_set_transfer (say (town, conversation, sender, 13 * MINUTE_MS, name), transfer);
}

void
town_add_long (Town *town)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 251 };
  KithContact *people[] = { add_person (town, LONG_NAME, KITH_PRESENCE_ONLINE),
                            add_person (town, LONG_WORD, KITH_PRESENCE_OFFLINE),
                            add_person (town, "عبد الرحمن بن محمد الأنصاري القرطبي", KITH_PRESENCE_ONLINE) };
  KithGroup *group;

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    talk_at_length (town, add_talk (town, people[i]), people[i]);
  talk_at_length (town, town->talk, town->amara);
  send_lost_picture (town, town->talk, town->amara);
  talk_at_length (town, town->group, people[0]);

  town->invitation = g_object_ref (add_group (town, "Friends of the Old Windmill behind the Railway Station",
                                              KITH_MEMBERSHIP_INVITED, people, G_N_ELEMENTS (people)));
  group = kith_conversation_get_group (town->invitation);
  kith_group_set_inviter (group, people[0]);
  kith_group_set_topic (group, note (town, "Whatever has to be said about the windmill, its sails, its millstones "
                                           "and those who come to see them"));
  kith_conversation_set_last_activity_ms (town->invitation, town->now_ms);

  town->request = kith_request_new (identity, "kith-request-1234-5678", town->now_ms);
  kith_request_set_name (town->request, note (town, LONG_WORD));
  kith_request_set_text (town->request, note (town, LONG_TEXT));
  kith_request_set_name_taken (town->request, TRUE);
  g_list_store_append (town->scene.node->requests, town->request);
}

void
town_add_crowd (Town *town, guint n_people, guint n_messages)
{
  g_autoptr (GPtrArray) conversations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_people; i++)
    {
      g_autofree char *name = g_strdup_printf ("Friend %u", i + 1);
      KithContact *contact = scene_make_person (&town->scene, name);
      KithConversation *conversation = kith_conversation_new (contact);

      kith_conversation_set_last_activity_ms (conversation, town->now_ms - 30 * DAY_MS - (gint64) i * MINUTE_MS);
      g_ptr_array_add (people, contact);
      g_ptr_array_add (conversations, conversation);
    }
  g_list_store_splice (town->scene.node->contacts, 0, 0, people->pdata, people->len);
  g_list_store_splice (town->scene.node->conversations, 0, 0, conversations->pdata, conversations->len);

  for (guint i = 0; i < n_messages; i++)
    say (town, town->talk, i % 3 == 0 ? NULL : town->amara, DAY_MS - (gint64) i * 1000, "Yet another line of many");
}

/* --- Looking at it -------------------------------------------------------------------------- */

gboolean
town_has_words (Town *town, const char *text)
{
  for (guint i = 0; i < town->words->len; i++)
    {
      const char *words = g_ptr_array_index (town->words, i);

      if (strstr (text, words) != NULL || (g_utf8_strlen (text, -1) >= SHORT && strstr (words, text) != NULL))
        return TRUE;
    }

  return FALSE;
}

KithWindow *
town_make_window (Town *town, KithApplication *application)
{
  KithWindow *window = kith_application_add_window (application);

  kith_window_set_demo (window); /* reaches nobody */
  kith_window_set_listen (window, "127.0.0.1", 0);
  kith_window_set_node (window, town->scene.node);
  kith_window_show_ready (window);

  return window;
}

void
town_clear (Town *town)
{
  g_clear_object (&town->request);
  g_clear_object (&town->invitation);
  g_clear_object (&town->group);
  g_clear_object (&town->talk);
  g_clear_object (&town->amara);
  g_clear_pointer (&town->words, g_ptr_array_unref);
  scene_clear (&town->scene);
}
