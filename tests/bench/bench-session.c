/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions as they are, from listener and dialer down to the socket, on loopback: how much work it is to meet,
 * to move a lot, to say a little and hear the answer; and how long the loop is kept from all else meanwhile.
 * Both ends share one thread, and so do those of every peer. What counts is CPU and the ratio of rounds that
 * alternate: neither changes much with what else the machine does.
 *
 * KITH_BENCH_MIB says how much is moved; an argument is the only thing to be measured. With "send PORT BYTES" it
 * is the other end of the same in a process of its own. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <sys/resource.h>

#include "../net/kith-test-wire.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-bench-figure.h"
#include "kith-bench-loop.h"
#include "kith-bench-peers.h"

#define MIB (1024 * 1024)
#define ROUNDS 5
#define MEETINGS 100
#define STORM 5000 /* handshakes */
#define STORM_AT_ONCE (KITH_LIMIT_HALF_OPEN_PER_PREFIX - 2)
#define ECHOES 10000
#define ECHO_BYTES 100
#define MESSAGES 50000
#define TOX_ECHOES 5000
#define TOX_FILE_BYTES (32 * MIB)
#define PIECE_BYTES (64 * 1024)

typedef struct
{
  gsize    n_left;   /* bytes to be sent, or answers to be heard */
  gsize    n_heard;  /* bytes */
  guint    n_acked;
  gboolean opened;
  gboolean closed;
} End;

/* --- The owners of sessions ----------------------------------------------------------------- */

static void
send_pieces (KithSession *session, End *end)
{
  while (end->n_left > 0 && kith_session_has_bulk_room (session))
    {
      GByteArray *piece = g_byte_array_sized_new (PIECE_BYTES);

      g_byte_array_set_size (piece, PIECE_BYTES);
      end->n_left -= MIN (end->n_left, PIECE_BYTES);
      g_assert_true (kith_session_send_bytes (session, KITH_RECORD_FILE_CHUNK, piece));
    }
}

static void
send_messages (KithSession *session, End *end)
{
  static char text[ECHO_BYTES + 1];
  KithBodyMsg msg = { .content = KITH_CONTENT_TEXT, .text = text, .hlc = 1ull << 60 };

  memset (text, 'x', ECHO_BYTES);
  while (end->n_left > 0 && kith_session_is_writable (session))
    {
      msg.seq = end->n_left;
      memcpy (msg.id.bytes, &end->n_left, sizeof end->n_left);
      end->n_left--;
      g_assert_true (kith_session_send_bytes (session, KITH_RECORD_MSG, kith_body_msg_pack (&msg)));
    }
}

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  ((End *) user_data)->opened = TRUE;
}

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  const KithBodyOpen answer = { 0 };

  kith_session_accept_open (session, &answer);
}

static gboolean
count_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  ((End *) user_data)->n_heard += len;
  return TRUE;
}

static gboolean
echo_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  return kith_session_send_record (session, type, body, len);
}

static gboolean
ping_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  End *end = user_data;

  if (--end->n_left > 0)
    kith_session_send_record (session, type, body, len);
  return TRUE;
}

/* Each message is taken apart, and acknowledged by its id. */
static gboolean
acknowledge_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  g_auto (KithBodyMsg) msg = { 0 };
  KithBodyAck ack = { .kind = KITH_ACK_DELIVERED, .n_ids = 1 };

  g_assert_true (kith_body_msg_unpack (&msg, body, len));
  ack.ids[0] = msg.id;
  return kith_session_send_bytes (session, KITH_RECORD_ACK, kith_body_ack_pack (&ack));
}

static gboolean
acked_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  KithBodyAck ack = { 0 };

  g_assert_true (kith_body_ack_unpack (&ack, body, len));
  ((End *) user_data)->n_acked += ack.n_ids;
  send_messages (session, user_data);
  return TRUE;
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
  send_pieces (session, user_data);
}

static void
drained_messages_cb (KithSession *session, gpointer user_data)
{
  send_messages (session, user_data);
}

static void
ignore_cb (KithSession *session, gpointer user_data)
{
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  ((End *) user_data)->closed = TRUE;
}

static const KithSessionEvents sends = { open_cb, opened_cb, count_cb, drained_cb, closed_cb };
static const KithSessionEvents counts = { open_cb, opened_cb, count_cb, ignore_cb, closed_cb };
static const KithSessionEvents echoes = { open_cb, opened_cb, echo_cb, ignore_cb, closed_cb };
static const KithSessionEvents pings = { open_cb, opened_cb, ping_cb, ignore_cb, closed_cb };
static const KithSessionEvents writes = { open_cb, opened_cb, acked_cb, drained_messages_cb, closed_cb };
static const KithSessionEvents reads = { open_cb, opened_cb, acknowledge_cb, ignore_cb, closed_cb };

static void
wire_connect (TestWire *wire)
{
  test_wire_init (wire);
  test_wire_connect (wire);
  test_wire_wait (kith_session_get_n_rekeys (wire->a.session) == 1
                  && kith_session_get_n_rekeys (wire->b.session) == 1);
}

static void
wire_clear (TestWire *wire)
{
  kith_session_abort (wire->a.session);
  kith_session_abort (wire->b.session);
  test_wire_clear (wire);
}

/* --- To meet -------------------------------------------------------------------------------- */

static double
kith_meet (guint n)
{
  TestWire wire;
  double began_us;

  test_wire_init (&wire);
  began_us = kith_bench_cpu_us ();
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KithSession) session = test_wire_dial (&wire.a, kith_listener_get_port (wire.listener), NULL, &error);

      g_assert_no_error (error);
      while (wire.b.session == NULL)
        g_main_context_iteration (NULL, TRUE);
      kith_session_abort (session);
      test_end_reset (&wire.b);
    }
  began_us = (kith_bench_cpu_us () - began_us) / n;
  test_wire_clear (&wire);
  return began_us;
}

typedef struct
{
  guint n_begun;
  guint n_done;
} Storm;

static void
met_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Storm *storm = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);

  g_assert_no_error (error);
  kith_session_abort (session);
  storm->n_done++;
}

/* As many at once as one address may have: the loop does nothing but shake hands, for both sides. */
static void
bench_storm (guint n)
{
  KithBenchLoop loop;
  KithEndpoint endpoint;
  TestWire wire;
  Storm storm = { 0 };

  test_wire_init (&wire);
  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", kith_listener_get_port (wire.listener)));
  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  while (storm.n_done < n)
    {
      while (storm.n_begun < n && storm.n_begun - storm.n_done < STORM_AT_ONCE)
        {
          storm.n_begun++;
          kith_dialer_dial_async (wire.a.local, &endpoint, 1, NULL, NULL, NULL, met_cb, &storm);
        }
      g_main_context_iteration (NULL, TRUE);
    }
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, "handshakes, one after the other");
  test_wire_clear (&wire);
}

static void
bench_meeting (void)
{
  double kith[ROUNDS], tls[ROUNDS], keys[ROUNDS], to_tls[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      kith[i] = kith_meet (MEETINGS);
      keys[i] = kith_bench_sodium_keys (MEETINGS);
      tls[i] = kith_bench_tls_connect (MEETINGS);
      to_tls[i] = kith[i] / tls[i];
    }

  kith_bench_tell ("Connect and shake hands", "µs of CPU, both sides", (KithBenchBar[]){
    { "Kith", kith_bench_median (kith, ROUNDS) }, { "libsodium alone", kith_bench_median (keys, ROUNDS) },
    { "TLS 1.3, mutual", kith_bench_median (tls, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell_goal ("connect and handshake, CPU, to TLS 1.3 mutual", kith_bench_median (to_tls, ROUNDS), TRUE, .5);
}

/* --- To move a lot -------------------------------------------------------------------------- */

static double
kith_bulk (gsize n_bytes)
{
  End a = { .n_left = n_bytes }, b = { 0 };
  TestWire wire;
  double began_us;

  wire_connect (&wire);
  kith_session_set_events (wire.a.session, &sends, &a);
  kith_session_set_events (wire.b.session, &counts, &b);
  began_us = kith_bench_cpu_us ();
  send_pieces (wire.a.session, &a);
  while (b.n_heard < n_bytes)
    g_main_context_iteration (NULL, TRUE);
  began_us = kith_bench_cpu_us () - began_us;
  g_assert_false (a.closed || b.closed);
  wire_clear (&wire);
  return began_us;
}

static void
bench_bulk (gsize n_bytes)
{
  double kith[ROUNDS], tls[ROUNDS], raw[ROUNDS], sodium[ROUNDS], to_ideal[ROUNDS];
  double gb = (double) n_bytes / 1e3; /* makes of us seconds for a GB */
  KithBenchLoop loop;

  kith_bench_loop_init (&loop);
  for (guint i = 0; i < ROUNDS; i++)
    {
      kith_bench_loop_watch (&loop);
      kith[i] = kith_bulk (n_bytes) / gb;
      kith_bench_loop_rest (&loop);
      sodium[i] = kith_bench_sodium_bulk (n_bytes, KITH_LIMIT_FRAME_PLAINTEXT_BYTES, TRUE) / gb;
      raw[i] = kith_bench_raw_bulk (n_bytes) / gb;
      tls[i] = kith_bench_tls_bulk (n_bytes) / gb;
      to_ideal[i] = kith[i] / (sodium[i] + raw[i]);
    }

  kith_bench_tell ("Move a lot", "s of CPU for a GB, both sides", (KithBenchBar[]){
    { "Kith", kith_bench_median (kith, ROUNDS) }, { "libsodium alone", kith_bench_median (sodium, ROUNDS) },
    { "TCP alone", kith_bench_median (raw, ROUNDS) }, { "TLS 1.3", kith_bench_median (tls, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell_goal ("bulk, CPU, to what cipher and TCP take alone", kith_bench_median (to_ideal, ROUNDS), TRUE, 1.15);

  kith_bench_loop_tell (&loop, "bulk");
}

/* --- Between two processes ------------------------------------------------------------------ */

static int
run_sender (guint16 port, gsize n_bytes)
{
  const KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST };
  End end = { .n_left = n_bytes };
  g_autoptr (KithSession) session = NULL;
  TestEnd us;

  test_end_init (&us, 10);
  session = test_wire_dial (&us, port, NULL, NULL);
  g_assert_nonnull (session);
  kith_session_set_events (session, &sends, &end);
  kith_session_open (session, &open);
  while (!end.opened)
    g_main_context_iteration (NULL, TRUE);
  send_pieces (session, &end);
  while (!end.closed)
    g_main_context_iteration (NULL, TRUE);
  kith_session_set_events (session, NULL, NULL);
  test_end_clear (&us);
  return 0;
}

static double
children_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* @busier: (out): us of CPU of the one that had more to do. Returns: us that it took */
static double
bulk_between_processes (const char *program, gsize n_bytes, double *busier)
{
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, n_bytes);
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) sender = NULL;
  double cpu_us = kith_bench_cpu_us (), theirs_us = children_us ();
  gint64 began_us;
  End end = { 0 };
  TestWire wire;

  test_wire_init (&wire);
  port = g_strdup_printf ("%u", kith_listener_get_port (wire.listener));
  sender = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "send", port, size, NULL);
  g_assert_no_error (error);
  test_wire_wait (wire.b.session != NULL && wire.b.n_open == 1);
  kith_session_set_events (wire.b.session, &counts, &end);
  began_us = g_get_monotonic_time ();
  while (end.n_heard < n_bytes)
    g_main_context_iteration (NULL, TRUE);
  began_us = g_get_monotonic_time () - began_us;
  kith_session_abort (wire.b.session);
  test_wire_clear (&wire);
  g_assert_true (g_subprocess_wait_check (sender, NULL, &error));
  *busier = MAX (kith_bench_cpu_us () - cpu_us, children_us () - theirs_us);
  return (double) began_us;
}

/* Where each has a core of its own, the one with more to do says how fast it goes. */
static void
bench_speed (const char *program, gsize n_bytes)
{
  double kilobytes = (double) n_bytes / 1e3;
  double wall = 0, cpu[ROUNDS], sodium[ROUNDS], ratios[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      sodium[i] = kilobytes / kith_bench_sodium_bulk (n_bytes, PIECE_BYTES, FALSE);
      wall = MAX (wall, kilobytes / bulk_between_processes (program, n_bytes, &cpu[i]));
      cpu[i] = kilobytes / cpu[i];
      ratios[i] = cpu[i] / sodium[i];
    }

  kith_bench_tell ("Speed between two processes", "GB/s", (KithBenchBar[]){
    { "Kith, by the CPU of the busier", kith_bench_median (cpu, ROUNDS) }, { "Kith, best round by the clock", wall },
    { "libsodium alone encrypts", kith_bench_median (sodium, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell_goal ("bulk, speed by CPU, to what libsodium alone encrypts",
                        kith_bench_median (ratios, ROUNDS), FALSE, .8);
}

/* --- To say a little ------------------------------------------------------------------------ */

static double
kith_echo (guint n)
{
  const guint8 bytes[ECHO_BYTES] = { 1 };
  End a = { .n_left = n }, b = { 0 };
  TestWire wire;
  double began_us;

  wire_connect (&wire);
  kith_session_set_events (wire.a.session, &pings, &a);
  kith_session_set_events (wire.b.session, &echoes, &b);
  began_us = kith_bench_cpu_us ();
  kith_session_send_record (wire.a.session, KITH_RECORD_MSG, bytes, sizeof bytes);
  while (a.n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  began_us = (kith_bench_cpu_us () - began_us) / n;
  wire_clear (&wire);
  return began_us;
}

static void
bench_round_trip (void)
{
  double kith[ROUNDS], raw[ROUNDS], tls[ROUNDS], to_raw[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      kith[i] = kith_echo (ECHOES);
      raw[i] = kith_bench_raw_echo (ECHOES, ECHO_BYTES);
      tls[i] = kith_bench_tls_echo (ECHOES, ECHO_BYTES);
      to_raw[i] = kith[i] / raw[i];
    }

  kith_bench_tell ("There and back, 100 bytes", "µs of CPU, both sides", (KithBenchBar[]){
    { "Kith", kith_bench_median (kith, ROUNDS) }, { "TCP alone", kith_bench_median (raw, ROUNDS) },
    { "TLS 1.3", kith_bench_median (tls, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell_goal ("round trip, CPU, to an echo of GSocket alone", kith_bench_median (to_raw, ROUNDS), TRUE, 1.5);
#ifdef KITH_BENCH_TOX
  for (guint i = 0; i < ROUNDS; i++)
    {
      double tox = kith_bench_tox_echo (TOX_ECHOES, ECHO_BYTES) / TOX_ECHOES;

      to_raw[i] = tox > 0 ? kith_echo (ECHOES) / tox : 0;
    }
  kith_bench_tell_goal ("round trip, CPU, to a message there and back of toxcore", kith_bench_median (to_raw, ROUNDS), TRUE, .8);
#endif
}

#ifdef KITH_BENCH_TOX
/* Only asked for by name: what bench_files.py compares with. */
static void
bench_tox_file (void)
{
  double seconds = 0;
  double cpu_us = kith_bench_tox_file (TOX_FILE_BYTES, &seconds);

  if (cpu_us > 0)
    printf ("{\"bench\": \"toxcore-file\", \"gb_per_s\": %.4f, \"cpu_s_per_gb\": %.2f}\n", TOX_FILE_BYTES / seconds / 1e9,
            cpu_us * 1e3 / TOX_FILE_BYTES);
}
#endif

/* Returns: us of CPU */
static double
kith_messages (guint n)
{
  End a = { .n_left = n }, b = { 0 };
  TestWire wire;
  double began_us;

  wire_connect (&wire);
  kith_session_set_events (wire.a.session, &writes, &a);
  kith_session_set_events (wire.b.session, &reads, &b);
  began_us = kith_bench_cpu_us ();
  send_messages (wire.a.session, &a);
  while (a.n_acked < n)
    g_main_context_iteration (NULL, TRUE);
  began_us = kith_bench_cpu_us () - began_us;
  wire_clear (&wire);
  return began_us;
}

static void
bench_messages (void)
{
  const char *measure = "Messages of 100 bytes, each acknowledged, in memory";
  const char *unit = "for a second of CPU, both sides";
  double rates[ROUNDS];
#ifdef KITH_BENCH_TOX
  double theirs[ROUNDS], ratios[ROUNDS], connects_s[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      rates[i] = MESSAGES * 1e6 / kith_messages (MESSAGES);
      theirs[i] = kith_bench_tox_messages (MESSAGES / 10, MESSAGES, ECHO_BYTES, &connects_s[i]);
      theirs[i] = theirs[i] > 0 ? MESSAGES / 10 * 1e6 / theirs[i] : 0;
      ratios[i] = theirs[i] > 0 ? rates[i] / theirs[i] : 0;
    }

  kith_bench_tell (measure, unit, (KithBenchBar[]){ { "Kith", kith_bench_median (rates, ROUNDS) },
    { "toxcore, iterated without a pause", kith_bench_median (theirs, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell ("Until two who know each other are connected", "s", (KithBenchBar[]){
    { "toxcore, on this machine", kith_bench_median (connects_s, ROUNDS) }, { NULL, 0 } });
  kith_bench_tell_goal ("messages in memory, CPU, to toxcore", kith_bench_median (ratios, ROUNDS), FALSE, 5);
#else
  for (guint i = 0; i < ROUNDS; i++)
    rates[i] = MESSAGES * 1e6 / kith_messages (MESSAGES);
  kith_bench_tell (measure, unit, (KithBenchBar[]){ { "Kith", kith_bench_median (rates, ROUNDS) }, { NULL, 0 } });
#endif
}

static gboolean
is_wanted (int argc, char **argv, const char *name)
{
  return argc < 2 || strcmp (argv[1], name) == 0;
}

int
main (int argc, char **argv)
{
  gsize n_bytes = (gsize) kith_bench_number ("KITH_BENCH_MIB", 256) * MIB;

  g_assert_true (kith_init ());
  if (argc == 4 && strcmp (argv[1], "send") == 0)
    return run_sender ((guint16) atoi (argv[2]), (gsize) g_ascii_strtoull (argv[3], NULL, 10));

#ifdef KITH_BENCH_TOX
  if (argc == 2 && strcmp (argv[1], "tox-file") == 0)
    {
      bench_tox_file ();
      return 0;
    }
#endif
  kith_bench_tls_init ();
  if (is_wanted (argc, argv, "meeting"))
    bench_meeting ();
  if (is_wanted (argc, argv, "storm"))
    bench_storm (STORM);
  if (is_wanted (argc, argv, "bulk"))
    bench_bulk (n_bytes);
  if (is_wanted (argc, argv, "speed"))
    bench_speed (argv[0], n_bytes);
  if (is_wanted (argc, argv, "round-trip"))
    bench_round_trip ();
  if (is_wanted (argc, argv, "messages"))
    bench_messages ();
  kith_bench_tls_clear ();
  return 0;
}
