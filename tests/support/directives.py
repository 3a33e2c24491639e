"""A configuration with every directive, and the lines that tests change."""

CONFIG = """
load_module %%MODULE%%;
pid %%PREFIX%%/nginx.pid;
error_log %%PREFIX%%/logs/error.log info;

events {
    worker_connections 64;
}

http {
    access_log off;
    client_body_temp_path %%PREFIX%%/temp/body;
    vault_store %%STORE%% max_size=1g;
    vault_seal file %%SEAL%%;
    vault_audit %%PREFIX%%/logs/audit.log;
    vault_region north-1;
    vault_destination /destinations/one %%PREFIX%%/logs/one.log;
    vault_thread_pool default;
    vault_key_thread_pool default;
    vault_authority issuer=https://issuer.test/ audience=%%RESOURCE%% jwks=%%JWKS%% tenant=%%TENANT%% algorithms=RS256,ES256;

    server {
        listen 127.0.0.1:%%PORT%%;
        server_name *.vault.localhost;

        location / {
            vault %%RESOURCE%%;
        }
    }

    server {
        listen 127.0.0.1:%%PORT%%;
        server_name login.localhost;

        location / {
            vault_local_authority %%LOGIN%% token_lifetime=30m;
        }
    }

    server {
        listen 127.0.0.1:%%PORT%%;
        server_name management.localhost;

        location / {
            vault_management https://management.localhost location=north1;
        }
    }
}
"""

STORE = "vault_store %%STORE%% max_size=1g;"
SEAL = "vault_seal file %%SEAL%%;"
AUDIT = "vault_audit %%PREFIX%%/logs/audit.log;"
REGION = "vault_region north-1;"
POOL = "vault_thread_pool default;"
KEY_POOL = "vault_key_thread_pool default;"
ISSUER = "issuer=https://issuer.test/"
VAULT = "vault %%RESOURCE%%;"
LOCAL = "vault_local_authority %%LOGIN%% token_lifetime=30m;"
