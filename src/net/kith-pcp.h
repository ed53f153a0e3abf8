/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

#define KITH_PCP_PORT 5351
#define KITH_PCP_NONCE_BYTES 12
#define KITH_PCP_MAP_BYTES 60

/* What a server says to a request (RFC 6887, 7.4). */
#define KITH_PCP_SUCCESS 0
#define KITH_PCP_UNSUPP_VERSION 1
#define KITH_PCP_NOT_AUTHORIZED 2
#define KITH_PCP_UNSUPP_OPCODE 4
#define KITH_PCP_NETWORK_FAILURE 7
#define KITH_PCP_NO_RESOURCES 8
#define KITH_PCP_USER_EX_QUOTA 10
#define KITH_PCP_ADDRESS_MISMATCH 12

/**
 * KithPcpMap:
 * @nonce: what only the one who asked for the mapping knows
 * @client: our address, as the server sees it, and the TCP port to be mapped
 * @external: what is wished for, or was given; family 0 for no wish
 * @lifetime_s: 0 to remove the mapping
 *
 * A request for one TCP mapping: plain data.
 */
typedef struct
{
  guint8       nonce[KITH_PCP_NONCE_BYTES];
  KithEndpoint client;
  KithEndpoint external;
  guint32      lifetime_s;
} KithPcpMap;

/**
 * KithPcpAnswer:
 * @result: what became of the request
 * @lifetime_s: for which the mapping, or the refusal, holds; %KITH_LIMIT_PCP_LIFETIME_S at most
 * @epoch_s: for how long the server has known its mappings
 * @external: where the mapping begins; family 0 when there is none
 *
 * All of it is claimed by whoever answered.
 */
typedef struct
{
  guint8       result;
  guint32      lifetime_s;
  guint32      epoch_s;
  KithEndpoint external;
} KithPcpAnswer;

void     kith_pcp_map_encode    (const KithPcpMap *self,
                                 guint8            out[KITH_PCP_MAP_BYTES]);
gboolean kith_pcp_answer_decode (KithPcpAnswer    *self,
                                 const KithPcpMap *request,
                                 const guint8     *data,
                                 gsize             len);
gboolean kith_pcp_is_reset      (gint64            before_s,
                                 guint32           before_epoch_s,
                                 gint64            now_s,
                                 guint32           now_epoch_s);

G_END_DECLS
