/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of messages, of verification and of being reached: what is written is read again, each limit
 * from both sides, each form that is wrong, and fields of later versions. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "kith.pb-c.h"
#include "proto/kith-body.h"

#define MESSAGE_TEXT KITH_LIMIT_MESSAGE_TEXT_BYTES

/* Field 100, a number: no version of ours has it. */
static void
add_unknown_field (GByteArray *body)
{
  static const guint8 field[] = { 0xa0, 0x06, 0x2a };

  g_byte_array_append (body, field, sizeof field);
}

static GByteArray *
pack (const ProtobufCMessage *message)
{
  GByteArray *out = g_byte_array_new ();

  g_byte_array_set_size (out, (guint) protobuf_c_message_get_packed_size (message));
  protobuf_c_message_pack (message, out->data);
  return out;
}

static ProtobufCBinaryData
bytes_of (gsize len)
{
  static guint8 bytes[64] = { 1, 2, 3 };

  g_assert_cmpuint (len, <=, sizeof bytes);
  return (ProtobufCBinaryData){ .data = bytes, .len = len };
}

/* --- MSG ------------------------------------------------------------------------------------ */

static void
fill_msg (KithBodyMsg *msg, KithContent content, const char *text)
{
  *msg = (KithBodyMsg){ .seq = 3, .hlc = 1ull << 50, .content = content, .text = (char *) text };
  memset (msg->id.bytes, 7, sizeof msg->id.bytes);
  memset (msg->target.bytes, 8, sizeof msg->target.bytes);
  msg->has_target = content != KITH_CONTENT_TIMER && content != KITH_CONTENT_UNKNOWN;
}

static void
assert_same_msg (const KithBodyMsg *a, const KithBodyMsg *b)
{
  g_assert_cmpmem (a->id.bytes, sizeof a->id.bytes, b->id.bytes, sizeof b->id.bytes);
  g_assert_cmpuint (a->seq, ==, b->seq);
  g_assert_cmpuint (a->hlc, ==, b->hlc);
  g_assert_cmpuint (a->ttl_s, ==, b->ttl_s);
  g_assert_cmpint (a->broadcast, ==, b->broadcast);
  g_assert_cmpint (a->quiet, ==, b->quiet);
  g_assert_cmpint (a->content, ==, b->content);
  g_assert_cmpint (a->has_target, ==, b->has_target);
  if (a->has_target)
    g_assert_cmpmem (a->target.bytes, sizeof a->target.bytes, b->target.bytes, sizeof b->target.bytes);
  g_assert_cmpstr (a->text, ==, b->text);
}

static void
test_msg_round_trips (void)
{
  static const struct
  {
    KithContent content;
    const char *text;
    guint32     ttl_s;
  } rows[] = {
    { KITH_CONTENT_TEXT, "Hello\nBen", 3600 },     { KITH_CONTENT_TEXT, "Zo\u00eb", 0 },
    { KITH_CONTENT_EDIT, "Hello", 0 },             { KITH_CONTENT_DELETE, NULL, 0 },
    { KITH_CONTENT_REACTION, "\xf0\x9f\x91\x8d", 0 }, { KITH_CONTENT_REACTION, "", 0 },
    { KITH_CONTENT_TIMER, NULL, 86400 },           { KITH_CONTENT_UNKNOWN, NULL, 0 },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      KithBodyMsg msg;
      g_auto (KithBodyMsg) again = { 0 };
      g_autoptr (GByteArray) body = NULL;

      fill_msg (&msg, rows[i / 2].content, rows[i / 2].text);
      msg.ttl_s = rows[i / 2].ttl_s;
      msg.broadcast = msg.quiet = i % 2 == 1;
      body = kith_body_msg_pack (&msg);
      add_unknown_field (body);
      g_assert_true (kith_body_msg_unpack (&again, body->data, body->len));
      assert_same_msg (&msg, &again);
    }
}

static void
assert_text (gsize len, gboolean is_good)
{
  g_autofree char *text = g_strnfill (len, 'x');
  KithBodyMsg msg;
  g_auto (KithBodyMsg) again = { 0 };
  g_autoptr (GByteArray) body = NULL;

  fill_msg (&msg, KITH_CONTENT_TEXT, text);
  msg.ttl_s = G_MAXUINT32;
  msg.broadcast = TRUE;
  msg.seq = (guint64) G_MAXINT64 + 1;
  body = kith_body_msg_pack (&msg);
  g_assert_false (kith_body_msg_unpack (&again, body->data, body->len));
  g_clear_pointer (&body, g_byte_array_unref);
  msg.seq = G_MAXINT64;
  msg.hlc = G_MAXUINT64;
  body = kith_body_msg_pack (&msg);
  g_assert_cmpint (kith_body_msg_unpack (&again, body->data, body->len), ==, is_good);
  if (is_good)
    g_assert_cmpuint (body->len, <=, KITH_LIMIT_RECORD_CHAT_BYTES);
  else
    g_assert_null (again.text);
}

static void
test_msg_texts (void)
{
  static const char *const wrong[] = { "", " \n\t ", "\u200b", "\xff", "\xed\xa0\x80" };

  assert_text (1, TRUE);
  assert_text (MESSAGE_TEXT, TRUE);
  assert_text (MESSAGE_TEXT + 1, FALSE);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (wrong); i++)
    {
      KithBodyMsg msg;
      g_autoptr (GByteArray) body = NULL;

      fill_msg (&msg, i % 2 == 0 ? KITH_CONTENT_TEXT : KITH_CONTENT_EDIT, wrong[i / 2]);
      body = kith_body_msg_pack (&msg);
      g_assert_false (kith_body_msg_unpack (&msg, body->data, body->len));
    }
}

static void
test_msg_times (void)
{
  static const struct
  {
    guint32 sent, taken;
  } rows[] = {
    { 0, 0 },
    { 1, KITH_LIMIT_TTL_MIN_S },
    { KITH_LIMIT_TTL_MIN_S - 1, KITH_LIMIT_TTL_MIN_S },
    { KITH_LIMIT_TTL_MIN_S, KITH_LIMIT_TTL_MIN_S },
    { KITH_LIMIT_TTL_MAX_S, KITH_LIMIT_TTL_MAX_S },
    { KITH_LIMIT_TTL_MAX_S + 1, KITH_LIMIT_TTL_MAX_S },
    { G_MAXUINT32, KITH_LIMIT_TTL_MAX_S },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      KithContent content = i % 2 == 0 ? KITH_CONTENT_TEXT : KITH_CONTENT_TIMER;
      KithBodyMsg msg;
      g_auto (KithBodyMsg) again = { 0 };
      g_autoptr (GByteArray) body = NULL;

      fill_msg (&msg, content, "text");
      msg.ttl_s = rows[i / 2].sent;
      body = kith_body_msg_pack (&msg);
      g_assert_true (kith_body_msg_unpack (&again, body->data, body->len));
      g_assert_cmpuint (again.ttl_s, ==, rows[i / 2].taken);
    }
}

/* Ids and targets have 16 bytes, a reply may have none, and numbers begin with 1. */
static void
test_msg_ids (void)
{
  for (gsize len = 0; len <= 33; len++)
    {
      Kith__Msg msg = KITH__MSG__INIT;
      Kith__Text text = KITH__TEXT__INIT;
      Kith__Delete deletion = KITH__DELETE__INIT;
      KithBodyMsg out;
      g_autoptr (GByteArray) reply = NULL;
      g_autoptr (GByteArray) target = NULL;
      g_autoptr (GByteArray) id = NULL;
      g_autoptr (GByteArray) number = NULL;

      text.text = (char *) "x";
      text.reply_to = bytes_of (len);
      msg.id = bytes_of (16);
      msg.seq = 1;
      msg.content_case = KITH__MSG__CONTENT_TEXT;
      msg.text = &text;
      reply = pack (&msg.base);
      g_assert_cmpint (kith_body_msg_unpack (&out, reply->data, reply->len), ==, len == 0 || len == 16);
      kith_body_msg_clear (&out);

      deletion.target = bytes_of (len);
      msg.content_case = KITH__MSG__CONTENT_DELETE;
      msg.delete_ = &deletion;
      target = pack (&msg.base);
      g_assert_cmpint (kith_body_msg_unpack (&out, target->data, target->len), ==, len == 16);
      kith_body_msg_clear (&out);

      deletion.target = bytes_of (16);
      msg.id = bytes_of (len);
      id = pack (&msg.base);
      g_assert_cmpint (kith_body_msg_unpack (&out, id->data, id->len), ==, len == 16);
      kith_body_msg_clear (&out);

      msg.id = bytes_of (16);
      msg.seq = 0;
      number = pack (&msg.base);
      g_assert_false (kith_body_msg_unpack (&out, number->data, number->len));
    }
}

static gboolean
take_reaction (const char *emoji, char **taken)
{
  KithBodyMsg msg;
  g_auto (KithBodyMsg) again = { 0 };
  g_autoptr (GByteArray) body = NULL;
  gboolean is_good;

  fill_msg (&msg, KITH_CONTENT_REACTION, emoji);
  body = kith_body_msg_pack (&msg);
  is_good = kith_body_msg_unpack (&again, body->data, body->len);
  *taken = g_steal_pointer (&again.text);
  return is_good;
}

/* What is no emoji to us is one to a later Unicode, perhaps: only what cannot be one is refused. */
static void
test_reactions (void)
{
  static const char *const shown[] = { "", "\xe2\x9d\xa4\xef\xb8\x8f", "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd" };
  static const char *const skipped[] = { "a", "ab", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80" };
  g_autofree char *long_one = g_strnfill (KITH_LIMIT_REACTION_BYTES + 1, 'x');
  const char *const wrong[] = { "\xff", long_one };
  char *taken;

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_assert_true (take_reaction (shown[i], &taken));
      g_assert_cmpstr (taken, ==, shown[i]);
      g_free (taken);
    }
  for (guint i = 0; i < G_N_ELEMENTS (skipped); i++)
    {
      g_assert_true (take_reaction (skipped[i], &taken));
      g_assert_null (taken);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (take_reaction (wrong[i], &taken));
}

/* A content of a later version is known as that, and what is cut is no MSG. */
static void
test_msg_unknown_and_cut (void)
{
  static const guint8 later[] = { 0xa2, 0x06, 0x02, 'h', 'i' }; /* field 100, bytes */
  KithBodyMsg msg;
  g_autoptr (GByteArray) body = NULL;

  fill_msg (&msg, KITH_CONTENT_UNKNOWN, NULL);
  msg.quiet = TRUE;
  body = kith_body_msg_pack (&msg);
  g_byte_array_append (body, later, sizeof later);
  g_assert_true (kith_body_msg_unpack (&msg, body->data, body->len));
  g_assert_cmpint (msg.content, ==, KITH_CONTENT_UNKNOWN);
  g_assert_true (msg.quiet);
  g_assert_null (msg.text);
  for (gsize cut = 1; cut < 5; cut++)
    g_assert_false (kith_body_msg_unpack (&msg, body->data, body->len - cut));
  g_assert_false (kith_body_msg_unpack (&msg, body->data, 0));
}

/* --- RESEND --------------------------------------------------------------------------------- */

static void
test_resend (void)
{
  static const struct
  {
    guint64  from, to;
    gboolean is_good;
  } rows[] = {
    { 1, 1, TRUE },
    { 0, 1, FALSE },
    { 2, 1, FALSE },
    { 1, KITH_LIMIT_RESEND_MESSAGES, TRUE },
    { 1, KITH_LIMIT_RESEND_MESSAGES + 1, FALSE },
    { G_MAXINT64, G_MAXINT64, TRUE },
    { G_MAXINT64, (guint64) G_MAXINT64 + 1, FALSE },
    { G_MAXUINT64, G_MAXUINT64, FALSE },
    { 1, G_MAXUINT64, FALSE },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      const KithBodyResend resend = { rows[i / 2].from, rows[i / 2].to, i % 2 == 1 };
      g_autoptr (GByteArray) body = kith_body_resend_pack (&resend);
      KithBodyResend again;

      add_unknown_field (body);
      g_assert_cmpint (kith_body_resend_unpack (&again, body->data, body->len), ==, rows[i / 2].is_good);
      g_assert_cmpuint (again.from, ==, resend.from);
      g_assert_cmpuint (again.to, ==, resend.to);
      g_assert_cmpint (again.gone, ==, resend.gone);
    }
}

/* --- Verification --------------------------------------------------------------------------- */

static void
test_sas (void)
{
  for (guint outcome = 0; outcome <= KITH_SAS_GIVEN_UP; outcome++)
    {
      KithBodySas sas = { .attempt = G_MAXUINT64, .outcome = (KithSasOutcome) outcome };
      g_autoptr (GByteArray) body = NULL;
      KithBodySas again;

      memset (sas.value, outcome == KITH_SAS_NONE ? 9 : 0, sizeof sas.value);
      body = kith_body_sas_pack (&sas);
      add_unknown_field (body);
      g_assert_true (kith_body_sas_unpack (&again, body->data, body->len));
      g_assert_cmpuint (again.attempt, ==, sas.attempt);
      g_assert_cmpint (again.outcome, ==, outcome);
      g_assert_cmpmem (again.value, sizeof again.value, sas.value, sizeof sas.value);
    }
}

/* A value has 32 bytes and no outcome beside it, and an outcome is one that there is. */
static void
test_sas_forms (void)
{
  for (gsize len = 0; len <= 33; len++)
    for (int outcome = -1; outcome <= 5; outcome++)
      {
        Kith__Sas sas = KITH__SAS__INIT;
        g_autoptr (GByteArray) body = NULL;
        KithBodySas out;
        gboolean is_good = (outcome == 0 && len == 32) || (outcome >= 1 && outcome <= 3 && len == 0);

        sas.value = bytes_of (len);
        sas.outcome = (Kith__SasOutcome) outcome;
        body = pack (&sas.base);
        g_assert_cmpint (kith_body_sas_unpack (&out, body->data, body->len), ==, is_good);
      }
}

/* --- Being reached -------------------------------------------------------------------------- */

static KithEndpoint
endpoint_at (guint i)
{
  KithEndpoint endpoint = { .family = i % 2 == 0 ? 4 : 6, .port = (guint16) (2000 + i) };

  endpoint.address[0] = 0x20;
  endpoint.address[3] = (guint8) i;
  return endpoint;
}

static void
test_endpoints (void)
{
  for (guint n = 0; n <= KITH_LIMIT_ENDPOINTS; n++)
    {
      KithEndpoints endpoints = { .n = n };
      KithEndpoints again;
      g_autoptr (GByteArray) body = NULL;
      guint16 port;

      for (guint i = 0; i < n; i++)
        endpoints.items[i] = endpoint_at (i);
      body = kith_body_endpoints_pack (&endpoints, 5484);
      add_unknown_field (body);
      g_assert_true (kith_body_endpoints_unpack (&again, &port, body->data, body->len));
      g_assert_cmpuint (again.n, ==, n);
      g_assert_cmpuint (port, ==, 5484);
      for (guint i = 0; i < n; i++)
        g_assert_true (kith_endpoint_equal (&again.items[i], &endpoints.items[i]));
    }
}

/* Too many, or some that make no sense, are left out; a port that is none is none. */
static void
test_odd_endpoints (void)
{
  Kith__Endpoints body = KITH__ENDPOINTS__INIT;
  Kith__Endpoint items[3 * KITH_LIMIT_ENDPOINTS];
  Kith__Endpoint *pointers[G_N_ELEMENTS (items)];
  g_autoptr (GByteArray) packed = NULL;
  KithEndpoints taken;
  guint16 port;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      kith__endpoint__init (&items[i]);
      items[i].address = bytes_of (i % 3 == 0 ? 5 : 4);
      items[i].port = i % 3 == 1 ? 70000 : 2000 + i;
      pointers[i] = &items[i];
    }
  body.endpoints = pointers;
  body.n_endpoints = G_N_ELEMENTS (items);
  body.dht_port = 65536;
  packed = pack (&body.base);
  g_assert_true (kith_body_endpoints_unpack (&taken, &port, packed->data, packed->len));
  g_assert_cmpuint (port, ==, 0);
  g_assert_cmpuint (taken.n, ==, KITH_LIMIT_ENDPOINTS);
  for (guint i = 0; i < taken.n; i++)
    g_assert_cmpuint (taken.items[i].port, ==, 2002 + 3 * i);
  g_assert_false (kith_body_endpoints_unpack (&taken, &port, packed->data, packed->len - 1));
  g_assert_cmpuint (taken.n, ==, 0);
}

static void
test_dial_back (void)
{
  KithBodyDialBack dial_back = { .token = G_MAXUINT64, .n_tries = KITH_LIMIT_ENDPOINTS, .seen = endpoint_at (1) };
  g_autoptr (GByteArray) request = NULL;
  g_autoptr (GByteArray) result = NULL;
  KithBodyDialBack again;

  dial_back.seen.port = 0;
  for (guint i = 0; i < dial_back.n_tries; i++)
    dial_back.tries[i] = (KithDialTry){ endpoint_at (i), (KithDialResult) (i % 6) };
  request = kith_body_dial_back_pack (&dial_back);
  result = kith_body_dial_back_result_pack (&dial_back);
  add_unknown_field (request);
  add_unknown_field (result);
  g_assert_true (kith_body_dial_back_unpack (&again, request->data, request->len));
  g_assert_cmpuint (again.token, ==, dial_back.token);
  g_assert_cmpuint (again.n_tries, ==, dial_back.n_tries);
  g_assert_cmpint (again.tries[0].result, ==, KITH_DIAL_NOT_TRIED);
  g_assert_true (kith_body_dial_back_result_unpack (&again, result->data, result->len));
  g_assert_cmpuint (again.n_tries, ==, dial_back.n_tries);
  for (guint i = 0; i < again.n_tries; i++)
    {
      g_assert_true (kith_endpoint_equal (&again.tries[i].endpoint, &dial_back.tries[i].endpoint));
      g_assert_cmpint (again.tries[i].result, ==, dial_back.tries[i].result);
    }
  g_assert_true (kith_endpoint_equal (&again.seen, &dial_back.seen));
  g_assert_false (kith_body_dial_back_result_unpack (&again, result->data, result->len - 1));
}

/* A result that there is not, and an endpoint that is missing, are left out. */
static void
test_odd_results (void)
{
  Kith__DialBackResult body = KITH__DIAL_BACK_RESULT__INIT;
  Kith__DialTry tries[3];
  Kith__DialTry *pointers[3];
  Kith__Endpoint endpoint = KITH__ENDPOINT__INIT;
  g_autoptr (GByteArray) packed = NULL;
  KithBodyDialBack taken;

  endpoint.address = bytes_of (4);
  endpoint.port = 2000;
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      kith__dial_try__init (&tries[i]);
      tries[i].endpoint = i == 0 ? NULL : &endpoint;
      tries[i].result = (Kith__DialResult) (i == 1 ? 6 : 1);
      pointers[i] = &tries[i];
    }
  body.tries = pointers;
  body.n_tries = G_N_ELEMENTS (tries);
  body.seen_address = bytes_of (7);
  packed = pack (&body.base);
  g_assert_true (kith_body_dial_back_result_unpack (&taken, packed->data, packed->len));
  g_assert_cmpuint (taken.n_tries, ==, 1);
  g_assert_cmpint (taken.tries[0].result, ==, KITH_DIAL_REFUSED);
  g_assert_cmpuint (taken.seen.family, ==, 0);
}

/* --- Presence ------------------------------------------------------------------------------- */

static void
test_presence (void)
{
  g_autoptr (GByteArray) typing = kith_body_typing_pack (TRUE);
  g_autoptr (GByteArray) presence = kith_body_presence_pack (TRUE);
  gboolean flag;

  add_unknown_field (typing);
  add_unknown_field (presence);
  g_assert_true (kith_body_typing_unpack (&flag, typing->data, typing->len) && flag);
  g_assert_true (kith_body_presence_unpack (&flag, presence->data, presence->len) && flag);
  g_assert_true (kith_body_typing_unpack (&flag, typing->data, 0) && !flag);
  g_assert_false (kith_body_presence_unpack (&flag, presence->data, presence->len - 1));
  g_assert_false (flag);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/bodies/msg-round-trips", test_msg_round_trips);
  g_test_add_func ("/bodies/msg-texts", test_msg_texts);
  g_test_add_func ("/bodies/msg-times", test_msg_times);
  g_test_add_func ("/bodies/msg-ids", test_msg_ids);
  g_test_add_func ("/bodies/reactions", test_reactions);
  g_test_add_func ("/bodies/msg-unknown-and-cut", test_msg_unknown_and_cut);
  g_test_add_func ("/bodies/resend", test_resend);
  g_test_add_func ("/bodies/sas", test_sas);
  g_test_add_func ("/bodies/sas-forms", test_sas_forms);
  g_test_add_func ("/bodies/endpoints", test_endpoints);
  g_test_add_func ("/bodies/odd-endpoints", test_odd_endpoints);
  g_test_add_func ("/bodies/dial-back", test_dial_back);
  g_test_add_func ("/bodies/odd-results", test_odd_results);
  g_test_add_func ("/bodies/presence", test_presence);
  return g_test_run ();
}
