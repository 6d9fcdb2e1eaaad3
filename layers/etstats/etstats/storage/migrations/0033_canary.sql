-- The canary signs with a key made from a secret both sides have: nobody who has not signed causes a look-up here.
drop table canary_key;
