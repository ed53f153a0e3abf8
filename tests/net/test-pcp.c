/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of PCP, whole and damaged, and who is asked. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "net/kith-gateway.h"
#include "net/kith-pcp.h"

#define ANSWER_BYTES KITH_PCP_MAP_BYTES

static KithPcpMap
make_map (const char *address)
{
  KithPcpMap map = { .nonce = "0123456789a", .lifetime_s = 3600 };

  g_assert_true (kith_endpoint_parse (&map.client, address, 40001));
  return map;
}

/* What a server makes of a request: it sets the answer bit, result, lifetime, epoch and the
 * external end. */
static void
make_answer (const KithPcpMap *map, guint8 out[ANSWER_BYTES])
{
  static const guint8 head[] = { 2, 0x81, 0, 0, 0, 0, 0x07, 0x08, 0, 0, 0, 9 };
  static const guint8 external[] = { 0xff, 0xff, 11, 0, 0, 1 };

  kith_pcp_map_encode (map, out);
  memset (out, 0, 24);
  memcpy (out, head, sizeof head);
  out[42] = 0x9c;
  out[43] = 0x42;
  memcpy (out + 54, external, sizeof external);
}

static void
test_encode (void)
{
  static const guint8 expected[KITH_PCP_MAP_BYTES] = {
    2, 1, 0, 0, 0, 0, 0x0e, 0x10,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 7, 5,
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 0,
    6, 0, 0, 0, 0x9c, 0x41, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0,
  };
  KithPcpMap map = make_map ("192.168.7.5");
  guint8 packet[KITH_PCP_MAP_BYTES];

  kith_pcp_map_encode (&map, packet);
  g_assert_cmpmem (packet, sizeof packet, expected, sizeof expected);
}

static void
test_encode_ipv6 (void)
{
  KithPcpMap map = make_map ("2001:db8::5");
  guint8 packet[KITH_PCP_MAP_BYTES];
  static const guint8 none[16];

  kith_pcp_map_encode (&map, packet);
  g_assert_cmpmem (packet + 8, 16, map.client.address, 16);
  g_assert_cmpmem (packet + 44, 16, none, 16);

  map.external = map.client;
  kith_pcp_map_encode (&map, packet);
  g_assert_cmpmem (packet + 44, 16, map.client.address, 16);
  g_assert_cmpmem (packet + 42, 2, "\x9c\x41", 2);
}

static void
test_decode (void)
{
  KithPcpMap map = make_map ("192.168.7.5");
  guint8 packet[ANSWER_BYTES];
  KithPcpAnswer answer;
  g_autofree char *external = NULL;

  make_answer (&map, packet);
  g_assert_true (kith_pcp_answer_decode (&answer, &map, packet, sizeof packet));
  external = kith_endpoint_dup_text (&answer.external);
  g_assert_cmpstr (external, ==, "11.0.0.1:40002");
  g_assert_cmpuint (answer.result, ==, KITH_PCP_SUCCESS);
  g_assert_cmpuint (answer.lifetime_s, ==, 1800);
  g_assert_cmpuint (answer.epoch_s, ==, 9);
}

static void
test_absurd_lifetime (void)
{
  KithPcpMap map = make_map ("192.168.7.5");
  guint8 packet[ANSWER_BYTES];
  KithPcpAnswer answer;

  make_answer (&map, packet);
  memset (packet + 4, 0xff, 4);
  g_assert_true (kith_pcp_answer_decode (&answer, &map, packet, sizeof packet));
  g_assert_cmpuint (answer.lifetime_s, ==, KITH_LIMIT_PCP_LIFETIME_S);
}

static void
test_truncated (void)
{
  KithPcpMap map = make_map ("192.168.7.5");
  guint8 packet[ANSWER_BYTES];
  KithPcpAnswer answer;

  make_answer (&map, packet);
  for (gsize len = 0; len < sizeof packet; len++)
    {
      /* Of its own size, so that reading past the end is found. */
      g_autofree guint8 *copy = g_memdup2 (packet, len);

      g_assert_false (kith_pcp_answer_decode (&answer, &map, copy, len));
    }
}

/* What a flipped bit may change is what the server is free to say: result, lifetime, epoch, and the
 * external end. Everywhere else the answer is not ours any more, or the bit is reserved. */
static gboolean
is_free (gsize at)
{
  return at == 2 || (at >= 3 && at < 24) || (at >= 37 && at < 40) || at >= 42;
}

static void
test_flipped (void)
{
  KithPcpMap map = make_map ("192.168.7.5");
  guint8 packet[ANSWER_BYTES];

  make_answer (&map, packet);
  for (gsize bit = 0; bit < sizeof packet * 8; bit++)
    {
      KithPcpAnswer answer;
      gboolean accepted;

      packet[bit / 8] ^= (guint8) (1 << bit % 8);
      accepted = kith_pcp_answer_decode (&answer, &map, packet, sizeof packet);
      g_assert_cmpint (accepted, ==, is_free (bit / 8));
      packet[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

static void
test_lengths (void)
{
  static const struct { gsize len; gboolean fits; } cases[] = {
    { 60, TRUE }, { 61, FALSE }, { 63, FALSE }, { 64, TRUE }, { 1100, TRUE }, { 1104, FALSE },
  };
  KithPcpMap map = make_map ("192.168.7.5");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *packet = g_malloc0 (cases[i].len);
      KithPcpAnswer answer;

      make_answer (&map, packet);
      g_assert_cmpint (kith_pcp_answer_decode (&answer, &map, packet, cases[i].len), ==,
                       cases[i].fits);
    }
}

/* A router that speaks NAT-PMP only, and one that speaks another PCP. */
static void
test_other_version (void)
{
  static const guint8 nat_pmp[] = { 0, 0x81, 0, 1, 0, 0, 0, 9 };
  static const guint8 pcp1[24] = { 1, 0x81, 0, 1 };
  static const guint8 request[] = { 0, 1, 0, 1 };
  KithPcpMap map = make_map ("192.168.7.5");
  KithPcpAnswer answer;

  g_assert_true (kith_pcp_answer_decode (&answer, &map, nat_pmp, sizeof nat_pmp));
  g_assert_cmpuint (answer.result, ==, KITH_PCP_UNSUPP_VERSION);
  g_assert_true (kith_pcp_answer_decode (&answer, &map, pcp1, sizeof pcp1));
  g_assert_cmpuint (answer.result, ==, KITH_PCP_UNSUPP_VERSION);
  g_assert_false (kith_pcp_answer_decode (&answer, &map, request, sizeof request));
}

static void
test_reset (void)
{
  static const struct { gint64 ours; guint32 before; guint32 now; gboolean is_reset; } cases[] = {
    { 0, 100, 100, FALSE },    { 600, 100, 700, FALSE },  { 600, 100, 699, FALSE },
    { 600, 100, 0, TRUE },     { 1, 100, 98, TRUE },      { 1, 100, 99, FALSE },
    { 600, 100, 661, FALSE },  { 600, 100, 660, TRUE },   { 600, 100, 742, FALSE },
    { 600, 100, 743, TRUE },
    { 600, 0, G_MAXUINT32, TRUE }, { 600, G_MAXUINT32, 0, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (kith_pcp_is_reset (5000, cases[i].before, 5000 + cases[i].ours, cases[i].now),
                     ==, cases[i].is_reset);
}

/* --- Gateways ------------------------------------------------------------------------------- */

#define HEAD4 "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
#define ZERO32 "00000000000000000000000000000000"

static void
test_gateway4 (void)
{
  static const guint8 expected[4] = { 192, 168, 7, 1 };
  guint32 number;
  g_autofree char *routes = NULL;
  KithGateway gateway;

  memcpy (&number, expected, sizeof number);
  routes = g_strdup_printf (HEAD4 "slow\t00000000\t0100000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                            "eth0\t00000000\t%08X\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                            "eth0\t0007A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", number);
  g_assert_true (kith_gateway_parse (&gateway, 4, routes));
  g_assert_cmpuint (gateway.family, ==, 4);
  g_assert_cmpmem (gateway.address, 4, expected, 4);
  g_assert_cmpstr (gateway.interface, ==, "eth0");
}

static void
test_gateway6 (void)
{
  static const guint8 expected[16] = { 0xfe, 0x80, [15] = 1 };
  KithGateway gateway;

  g_assert_true (kith_gateway_parse (
    &gateway, 6,
    "20010db8000000000000000000000000 40 " ZERO32 " 00 " ZERO32 " 00000100 1 0 00000001 eth0\n"
    ZERO32 " 00 " ZERO32 " 00 fe800000000000000000000000000001 00000400 1 0 00000003     eth0\n"
    ZERO32 " 00 " ZERO32 " 00 " ZERO32 " ffffffff 1 0 00200200       lo\n"));
  g_assert_cmpuint (gateway.family, ==, 6);
  g_assert_cmpmem (gateway.address, 16, expected, 16);
  g_assert_cmpstr (gateway.interface, ==, "eth0");
}

static void
test_no_gateway (void)
{
  static const char *const lists[] = {
    "", "\n\n", HEAD4, "eth0", "eth0\t00000000\t0100000A\t0003\t0\t0\tmany\t00000000\n",
    "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
    ZERO32 " 00 " ZERO32 " 00 " ZERO32 " ffffffff 1 0 00200200 lo\n",
    ZERO32 " 00 " ZERO32 " 00 fe80 00000400 1 0 00000003 eth0\n",
  };
  KithGateway gateway;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_assert_false (kith_gateway_parse (&gateway, 4, lists[i]));
      g_assert_false (kith_gateway_parse (&gateway, 6, lists[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pcp/encode", test_encode);
  g_test_add_func ("/pcp/encode-ipv6", test_encode_ipv6);
  g_test_add_func ("/pcp/decode", test_decode);
  g_test_add_func ("/pcp/absurd-lifetime", test_absurd_lifetime);
  g_test_add_func ("/pcp/truncated", test_truncated);
  g_test_add_func ("/pcp/flipped", test_flipped);
  g_test_add_func ("/pcp/lengths", test_lengths);
  g_test_add_func ("/pcp/other-version", test_other_version);
  g_test_add_func ("/pcp/reset", test_reset);
  g_test_add_func ("/gateway/ipv4", test_gateway4);
  g_test_add_func ("/gateway/ipv6", test_gateway6);
  g_test_add_func ("/gateway/none", test_no_gateway);

  return g_test_run ();
}
