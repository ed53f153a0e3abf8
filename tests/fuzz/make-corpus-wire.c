/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations for fuzz-session.c and fuzz-handshake.c: see there what the bytes mean. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "make-corpus-more.h"

#include <string.h>

#include "kith-fuzz-wire.h"
#include "proto/kith-body.h"
#include "proto/kith-pair.h"
#include "proto/kith-preamble.h"
#include "proto/kith-record.h"

enum { FRAME, RECORD, RAW, HALF, SEND, BULK, PAUSE, PASS, NEXT_KEY, END };
enum { LISTENER = 0, DIALER = 1, PENDING = 2 };

static void
add_step (GByteArray *input, guint8 step, const guint8 *data, gsize len)
{
  const guint8 head[] = { step, (guint8) (len >> 8), (guint8) len };

  g_byte_array_append (input, head, sizeof head);
  if (len > 0)
    g_byte_array_append (input, data, (guint) len);
}

/* @body: (transfer full) */
static void
add_record (GByteArray *input, KithRecordType type, GByteArray *body)
{
  const guint8 which = (guint8) type;

  g_byte_array_prepend (body, &which, 1);
  add_step (input, RECORD, body->data, body->len);
  g_byte_array_unref (body);
}

/* What makes of a connection a session: with the words that only this one takes. */
static GByteArray *
input_new (guint8 flags)
{
  GByteArray *input = g_byte_array_append (g_byte_array_new (), &flags, 1);
  const guint8 *ours = kith_local_get_identity (kith_fuzz_local (KITH_FUZZ_OURS));
  const guint8 *theirs = kith_local_get_identity (kith_fuzz_local (KITH_FUZZ_THEIRS));
  gboolean is_dialer = (flags & DIALER) != 0;
  KithBodyOpen open = { .purpose = KITH_PURPOSE_CONTACT, .pending = is_dialer && (flags & PENDING) != 0 };
  guint8 exporter[KITH_KEY_BYTES];

  memset (exporter, 4, sizeof exporter);
  kith_pair_bind (exporter, is_dialer ? ours : theirs, is_dialer ? theirs : ours, open.bind);
  if (is_dialer)
    add_record (input, KITH_RECORD_OPEN_OK, kith_body_open_ok_pack (&open));
  else
    add_record (input, KITH_RECORD_OPEN, kith_body_open_pack (&open));
  return input;
}

static void
put_session (KithCorpusPut put, const char *name, GByteArray *input)
{
  put ("session", name, input->data, input->len);
  g_byte_array_unref (input);
}

static void
add_talk (GByteArray *input)
{
  const guint8 text[] = "\x10Hello", long_time[] = { 0, 125 };

  add_record (input, KITH_RECORD_PING, kith_body_ping_pack (7));
  add_step (input, RECORD, text, sizeof text);
  add_step (input, SEND, text, sizeof text);
  add_step (input, BULK, text, sizeof text);
  add_step (input, PASS, long_time, sizeof long_time);
  add_step (input, RECORD, text, sizeof text);
}

static void
put_sessions (KithCorpusPut put)
{
  const guint8 request[] = { KITH_RECORD_REKEY_REQ }, accept[] = { KITH_RECORD_ACCEPT };
  guint8 rekey[1 + 64] = { KITH_RECORD_REKEY1, 9 };
  guint8 long_record[300] = { KITH_RECORD_MSG };
  GByteArray *input = input_new (LISTENER);

  add_talk (input);
  add_record (input, KITH_RECORD_BYE, kith_body_bye_pack (KITH_BYE_SHUTDOWN));
  put_session (put, "listener", input);

  input = input_new (DIALER);
  add_talk (input);
  add_step (input, RECORD, request, sizeof request);
  add_step (input, NEXT_KEY, NULL, 0);
  add_step (input, END, NULL, 0);
  put_session (put, "dialer", input);

  input = input_new (DIALER | PENDING);
  add_step (input, RECORD, accept, sizeof accept);
  add_talk (input);
  put_session (put, "pending", input);

  for (guint len = 33; len <= sizeof rekey; len += 16)
    {
      g_autofree char *name = g_strdup_printf ("rekey-%u", len);

      input = input_new (LISTENER);
      add_step (input, RECORD, rekey, len);
      add_step (input, NEXT_KEY, NULL, 0);
      add_talk (input);
      put_session (put, name, input);
    }

  input = input_new (LISTENER);
  add_step (input, PAUSE, NULL, 0);
  add_step (input, HALF, long_record + 1, 40);
  add_step (input, PAUSE, NULL, 0);
  add_step (input, RECORD, long_record, sizeof long_record);
  add_step (input, RAW, long_record, 20);
  put_session (put, "harmed", input);
}

/* Listener or dialer, and what goes between two who are honest. */
static void
put_handshakes (KithCorpusPut put)
{
  guint8 first[2 + KITH_PREAMBLE_BYTES + 2 + 32] = { 1, 0, 'K', 'I', 'T', 'H', 1 };
  const guint8 honest[] = { 2, 0 }, knock[] = { 6, 0 }, slow[] = { 2, 16 };
  const guint8 flipped[] = { 2, 0, 0, 0, 120, 1 }, cut[] = { 2, 0, 4, 0, 90, 0 }, longer[] = { 2, 0, 7, 0, 40, 9 };

  first[2 + KITH_PREAMBLE_BYTES + 1] = 32;
  first[2 + KITH_PREAMBLE_BYTES + 2] = 9;
  put ("handshake", "first", first, sizeof first);
  first[0] = 0;
  put ("handshake", "answer", first, sizeof first);
  put ("handshake", "honest", honest, sizeof honest);
  put ("handshake", "knock", knock, sizeof knock);
  put ("handshake", "slow", slow, sizeof slow);
  put ("handshake", "flipped", flipped, sizeof flipped);
  put ("handshake", "cut", cut, sizeof cut);
  put ("handshake", "longer", longer, sizeof longer);
}

void
kith_corpus_put_wire (KithCorpusPut put)
{
  put_sessions (put);
  put_handshakes (put);
}
