#ifndef WHEREFORE_COPENSSL_SHIM_H
#define WHEREFORE_COPENSSL_SHIM_H
#include <openssl/evp.h>
#include <openssl/hmac.h>
#endif
